SELECT 1; CREATE TABLE broken (a Nothing2) ENGINE = Memory;
