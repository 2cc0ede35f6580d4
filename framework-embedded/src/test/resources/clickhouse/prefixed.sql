-- What begins with the prefix is the test's own, wherever that is.
CREATE TABLE ${prefix}orders (id UInt64, amount Int64) ENGINE = MergeTree ORDER BY id;
CREATE MATERIALIZED VIEW ${prefix}totals ENGINE = SummingMergeTree ORDER BY id AS SELECT id, amount FROM ${prefix}orders;
INSERT INTO ${prefix}orders VALUES (1, 3);
