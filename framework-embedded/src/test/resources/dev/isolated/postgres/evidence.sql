CREATE TABLE goods (name text PRIMARY KEY, stock integer);
INSERT INTO goods VALUES ('tea', 10), ('milk', 20);
