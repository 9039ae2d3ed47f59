//! What every generated table says in the same words.

/// Where the fields of a row are, and what follows from that. The numbers are the columns' places in `COLUMNS`.
///
/// All functions are `inline`, so that they are compiled where a table is used: nobody uses all of them.
#[doc(hidden)]
#[macro_export]
macro_rules! __row {
    ($name:ident { $($index:literal $field:ident,)* }) => {
        impl $crate::runtime::Sealed for $name {}

        impl $crate::table::Row for $name {
            #[inline]
            fn columns(&self) -> &'static [$crate::table::ColumnInfo] {
                <$name as $crate::table::Table>::COLUMNS
            }

            #[inline]
            fn extra(&self) -> &$crate::Record {
                &self.extra
            }

            #[inline]
            fn extra_mut(&mut self) -> &mut $crate::Record {
                &mut self.extra
            }

            #[inline]
            fn field(&self, index: usize) -> ::std::option::Option<&dyn $crate::table::Field> {
                ::std::option::Option::Some(match index {
                    $($index => &self.$field,)*
                    _ => return ::std::option::Option::None,
                })
            }

            #[inline]
            fn field_mut(&mut self, index: usize) -> ::std::option::Option<&mut dyn $crate::table::Field> {
                ::std::option::Option::Some(match index {
                    $($index => &mut self.$field,)*
                    _ => return ::std::option::Option::None,
                })
            }
        }

        impl ::std::clone::Clone for $name {
            #[inline]
            fn clone(&self) -> $name {
                let mut copy = $name::default();
                $crate::table::clone(self, &mut copy);
                copy
            }
        }

        impl ::std::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &$name) -> bool {
                $crate::table::eq(self, other)
            }
        }

        /// Shows the columns that hold something, and never a secret.
        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::table::debug(<$name as $crate::table::Table>::TABLE, self, f)
            }
        }

        /// A map of the columns that hold something, by their names on the wire. Secrets stay out.
        impl $crate::runtime::Serialize for $name {
            fn serialize<S: $crate::runtime::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::table::serialize(self, serializer)
            }
        }

        /// Reads a map by the columns' names on the wire; what has no column goes to `extra`.
        impl<'de> $crate::runtime::Deserialize<'de> for $name {
            fn deserialize<D: $crate::runtime::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::table::read(deserializer)
            }
        }

        /// The columns that hold something, secrets included.
        impl ::std::convert::From<$name> for $crate::Record {
            #[inline]
            fn from(mut row: $name) -> $crate::Record {
                $crate::table::into_record(&mut row)
            }
        }

        /// The columns that hold something, secrets included.
        impl ::std::convert::From<$name> for $crate::Value {
            #[inline]
            fn from(row: $name) -> $crate::Value {
                $crate::Value::Struct(row.into())
            }
        }
    };
}
