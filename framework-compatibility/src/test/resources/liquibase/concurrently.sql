--liquibase formatted sql

--changeset shop:1
create table product (name text);

--changeset shop:2 runInTransaction:false
create index concurrently product_by_name on product (name);
