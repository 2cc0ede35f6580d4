insert into product (name) values ('tea');
