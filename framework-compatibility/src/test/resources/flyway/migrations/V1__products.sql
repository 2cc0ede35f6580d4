create table product (id int generated always as identity primary key, name text not null);
