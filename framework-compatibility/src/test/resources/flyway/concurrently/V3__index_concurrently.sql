create index concurrently product_by_name on product (name);
