--liquibase formatted sql

--changeset shop:1
create table product (id int generated always as identity primary key, name text not null);
--rollback drop table product;

--changeset shop:2
insert into product (name) values ('tea');
--rollback delete from product where name = 'tea';
