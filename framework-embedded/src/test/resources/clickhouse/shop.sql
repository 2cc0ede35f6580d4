-- What every test of a shop starts with; one of its comments has a semicolon;
CREATE TABLE orders (id UInt64, item String, amount Decimal(18, 2)) ENGINE = MergeTree ORDER BY id;
CREATE TABLE totals (item String, amount Decimal(38, 2)) ENGINE = SummingMergeTree ORDER BY item;
CREATE MATERIALIZED VIEW totalling TO totals AS SELECT item, sum(amount) AS amount FROM orders GROUP BY item;
INSERT INTO orders VALUES (1, 'tea; green', 3.50);
