//! Tables, typed: queries, pages, writes.

mod crm;
mod filters_property;
mod find_as;
mod paging;
mod queries;
mod round_trip;
mod rows;
mod writes;
