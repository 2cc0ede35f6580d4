CREATE TABLE measured (id bigint PRIMARY KEY, note text NOT NULL);
