CREATE TABLE article (
  sku text PRIMARY KEY,
  price_cents integer NOT NULL CHECK (price_cents > 0),
  stock integer NOT NULL CONSTRAINT stock_is_never_negative CHECK (stock >= 0)
);

CREATE TABLE customer_order (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  request_key text NOT NULL CONSTRAINT one_order_per_request UNIQUE,
  customer text NOT NULL,
  total_cents integer NOT NULL
);

CREATE TABLE order_line (
  order_id bigint NOT NULL REFERENCES customer_order,
  sku text NOT NULL REFERENCES article,
  quantity integer NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (order_id, sku)
);
