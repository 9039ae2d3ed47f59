//! What generated ids and enums have in common.
//!
//! All functions are `inline`, so that they are compiled where they are used: nobody uses all of them.

/// A newtype over the wire's `int`.
#[doc(hidden)]
#[macro_export]
macro_rules! __id {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i32);

        impl ::std::convert::From<i32> for $name {
            #[inline]
            fn from(id: i32) -> $name {
                $name(id)
            }
        }

        impl ::std::convert::From<$name> for i32 {
            #[inline]
            fn from(id: $name) -> i32 {
                id.0
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::num::ParseIntError;

            #[inline]
            fn from_str(text: &str) -> ::std::result::Result<$name, ::std::num::ParseIntError> {
                text.parse().map($name)
            }
        }

        $crate::__scalar!($name, i32, |held| &held.0);

        impl $crate::table::Whole for $name {}
    };
}

/// An enum over the wire's `int`; values that aren't listed stay readable.
#[doc(hidden)]
#[macro_export]
macro_rules! __int_enum {
    ($(#[$attribute:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $value:literal,)+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A number that the documents don't list.
            Unknown(i32),
        }

        impl $name {
            /// The values that the documents list.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The number that travels.
            #[inline]
            pub fn as_i32(self) -> i32 {
                match self {
                    $($name::$variant => $value,)+
                    $name::Unknown(number) => number,
                }
            }
        }

        impl ::std::convert::From<i32> for $name {
            #[inline]
            fn from(number: i32) -> $name {
                match number {
                    $($value => $name::$variant,)+
                    number => $name::Unknown(number),
                }
            }
        }

        impl ::std::convert::From<$name> for i32 {
            #[inline]
            fn from(value: $name) -> i32 {
                value.as_i32()
            }
        }

        impl ::std::default::Default for $name {
            /// What 0 means.
            #[inline]
            fn default() -> $name {
                $name::from(0)
            }
        }

        $crate::__scalar!($name, i32, |held| &held.as_i32());
    };
}

/// An enum over the wire's `string`; values that aren't listed stay readable.
#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum {
    ($(#[$attribute:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $value:literal,)+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A text that the documents don't list.
            Unknown(::std::string::String),
        }

        impl $name {
            /// The values that the documents list.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The text that travels.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $value,)+
                    $name::Unknown(text) => text,
                }
            }

            #[inline]
            fn listed(text: &str) -> ::std::option::Option<$name> {
                match text {
                    $($value => ::std::option::Option::Some($name::$variant),)+
                    _ => ::std::option::Option::None,
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> $name {
                $name::listed(text).unwrap_or_else(|| $name::Unknown(text.to_owned()))
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> $name {
                $name::listed(&text).unwrap_or($name::Unknown(text))
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::From<$name> for ::std::string::String {
            #[inline]
            fn from(value: $name) -> ::std::string::String {
                match value {
                    $name::Unknown(text) => text,
                    listed => listed.as_str().to_owned(),
                }
            }
        }

        impl ::std::default::Default for $name {
            /// The empty text, which is not listed.
            #[inline]
            fn default() -> $name {
                $name::from("")
            }
        }

        $crate::__scalar!($name, ::std::string::String, |held| held.as_str());
    };
}

/// How a type that travels as a scalar is written and read: by what it holds.
#[doc(hidden)]
#[macro_export]
macro_rules! __scalar {
    ($name:ident, $scalar:ty, |$held:ident| $part:expr) => {
        impl $crate::runtime::Scalar for $name {
            type Held = $scalar;
        }

        impl ::std::convert::TryFrom<$crate::Value> for $name {
            type Error = $crate::Error;

            #[inline]
            fn try_from(value: $crate::Value) -> ::std::result::Result<Self, $crate::Error> {
                value.get()
            }
        }

        impl $crate::runtime::Serialize for $name {
            #[inline]
            fn serialize<S: $crate::runtime::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                let $held = self;
                $crate::runtime::Serialize::serialize($part, serializer)
            }
        }

        impl<'de> $crate::runtime::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: $crate::runtime::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                <$scalar as $crate::runtime::Deserialize>::deserialize(deserializer).map($name::from)
            }
        }
    };
}

/// How a struct of an answer is read.
#[doc(hidden)]
#[macro_export]
macro_rules! __members {
    ($name:ident) => {
        impl<'de> $crate::runtime::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: $crate::runtime::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::deserialize(deserializer)
            }
        }
    };
}
