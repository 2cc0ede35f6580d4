CREATE TABLE thing (id int PRIMARY KEY, name text);
INSERT INTO thing VALUES (1, 'one'), (2, 'two');
CREATE TABLE counted (id serial, name text PRIMARY KEY);
INSERT INTO counted (name) VALUES ('x');
CREATE SEQUENCE numbers;
SELECT lo_create(42);
