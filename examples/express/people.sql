create table people (id bigint generated always as identity primary key, email text not null, name text);
