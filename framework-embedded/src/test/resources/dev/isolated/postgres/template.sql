CREATE TABLE ticket (id serial PRIMARY KEY);
CREATE SEQUENCE "Odd 'one";
SELECT setval('"Odd ''one"', 6);
CREATE TYPE mood AS ENUM ('sad');
