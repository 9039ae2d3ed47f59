//! Tables, typed: queries, pages, writes.

mod ahead;
mod crm;
mod cursors;
mod custom_fields;
mod datetime_hours;
mod files;
mod filters_property;
mod find_as;
mod paging;
mod queries;
mod records;
mod round_trip;
mod rows;
mod tags;
mod writes;
