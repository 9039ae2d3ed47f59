//! Conditions find what a predicate in Rust finds, and what SQL finds.

use std::sync::LazyLock;

use infusionsoft::find::{Condition, Find};
use infusionsoft::tables::Contact;
use infusionsoft::{Client, Date, DateTime, UserId};
use proptest::prelude::*;
use proptest::sample::select;
use rusqlite::types::Value as Stored;

use crate::crm::{Database, client};

/// A contact, with columns of four types.
#[derive(Debug)]
struct Person {
    id: i32,
    name: Option<String>,
    owner: Option<i32>,
    born: Option<Date>,
    updated: Option<DateTime>,
}

/// The account, its database, and what is in it.
static PEOPLE: LazyLock<(Client, Database, Vec<Person>)> = LazyLock::new(|| {
    let database = Database::new();
    let people: Vec<Person> = (1..=300).map(person).collect();
    {
        let mut connection = database.connection();
        let transaction = connection.transaction().expect("a transaction");
        for person in &people {
            let born = person.born.map(|day| format!("{} 00:00:00", dashed(day)));
            let insert = "INSERT INTO Contact (Id, FirstName, OwnerID, Birthday, LastUpdated) VALUES (?, ?, ?, ?, ?)";
            let row = (person.id, &person.name, person.owner, born, person.updated.map(spaced));
            transaction.execute(insert, row).expect("a row");
        }
        transaction.commit().expect("the rows are kept");
    }
    (client(database.open()), database, people)
});

/// The same numbers make the same person.
fn person(id: i32) -> Person {
    let pick = |salt: i32, choices: i32| (id.wrapping_mul(7919).wrapping_add(salt * 104_729) >> 3).rem_euclid(choices);
    let letters = ["a", "B", "ab", "Ba", "b_a", "aba", "~a", "A b", "bb\\", "'", "ABAB"];
    let name = letters.get(pick(1, 13) as usize).map(|first| (*first).to_owned());
    let day = Date::new(2013, pick(3, 3) as i8 + 6, pick(4, 4) as i8 + 28 - 3).expect("a day");
    let time = DateTime::new(2013, 6, pick(5, 3) as i8 + 1, pick(6, 3) as i8 * 11, 0, pick(7, 2) as i8 * 59);
    Person {
        id,
        name,
        owner: Some(pick(2, 7)).filter(|owner| *owner > 0),
        born: Some(day).filter(|_| pick(8, 5) > 0),
        updated: time.ok().filter(|_| pick(9, 9) > 0),
    }
}

fn dashed(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

fn spaced(time: DateTime) -> String {
    format!("{} {:02}:{:02}:{:02}", dashed(time.date()), time.hour(), time.minute(), time.second())
}

/// What is asked of a column, by three readings.
#[derive(Debug)]
struct Case {
    condition: Condition<Contact>,
    sql: String,
    operand: Option<String>,
    holds: fn(&Person, &Case) -> bool,
    comparison: Comparison,
    day: Option<Date>,
    time: Option<DateTime>,
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Equals,
    NotEquals,
    Above,
    AtLeast,
    Below,
    AtMost,
    Null,
}

const COMPARISONS: [Comparison; 7] = [
    Comparison::Equals,
    Comparison::NotEquals,
    Comparison::Above,
    Comparison::AtLeast,
    Comparison::Below,
    Comparison::AtMost,
    Comparison::Null,
];

impl Comparison {
    fn holds<V: PartialOrd>(self, value: Option<V>, operand: V) -> bool {
        match (self, value) {
            (Comparison::Null, value) => value.is_none(),
            (_, None) => false,
            (Comparison::Equals, Some(value)) => value == operand,
            (Comparison::NotEquals, Some(value)) => value != operand,
            (Comparison::Above, Some(value)) => value > operand,
            (Comparison::AtLeast, Some(value)) => value >= operand,
            (Comparison::Below, Some(value)) => value < operand,
            (Comparison::AtMost, Some(value)) => value <= operand,
        }
    }

    fn sql(self, column: &str) -> String {
        let operator = match self {
            Comparison::Null => return format!("{column} IS NULL"),
            Comparison::Equals => "=",
            Comparison::NotEquals => "<>",
            Comparison::Above => ">",
            Comparison::AtLeast => ">=",
            Comparison::Below => "<",
            Comparison::AtMost => "<=",
        };
        format!("{column} {operator} ?")
    }
}

/// The condition of a comparison on a column.
macro_rules! condition {
    ($comparison:expr, $column:expr, $operand:expr) => {
        match $comparison {
            Comparison::Equals => $column.equals($operand),
            Comparison::NotEquals => $column.not_equals($operand),
            Comparison::Above => $column.above($operand),
            Comparison::AtLeast => $column.at_least($operand),
            Comparison::Below => $column.below($operand),
            Comparison::AtMost => $column.at_most($operand),
            Comparison::Null => $column.is_null(),
        }
    };
}

impl Case {
    fn new(condition: Condition<Contact>, comparison: Comparison, sql: String, operand: String) -> Case {
        let operand = sql.contains('?').then_some(operand);
        Case { condition, sql, operand, holds: |_, _| false, comparison, day: None, time: None }
    }

    fn operand(&self) -> String {
        self.operand.clone().unwrap_or_default()
    }
}

fn names() -> impl Strategy<Value = Case> {
    (select(&COMPARISONS[..]), "[abAB_~' ]{0,3}[ab]").prop_map(|(comparison, name)| Case {
        holds: |person, case| {
            let name = person.name.as_ref().map(|name| name.to_lowercase());
            case.comparison.holds(name, case.operand().to_lowercase())
        },
        ..Case::new(
            condition!(comparison, Contact::FIRST_NAME, name.trim_start()),
            comparison,
            comparison.sql("lower(FirstName)").replace('?', "lower(?)"),
            name.trim_start().to_owned(),
        )
    })
}

fn patterns() -> impl Strategy<Value = Case> {
    let kinds = select(&["like", "starts", "ends", "contains", "some"][..]);
    (kinds, "[abAB_~\\\\]{0,2}[abAB]", "[ab%]{0,2}").prop_map(|(kind, text, rest)| {
        let pattern = match kind {
            "like" => format!("{text}%{rest}"),
            "starts" => format!("{text}%"),
            "ends" => format!("%{text}"),
            "contains" => format!("%{text}%"),
            _ => "%".to_owned(),
        };
        let condition = match kind {
            "like" => Contact::FIRST_NAME.like(&pattern),
            "starts" => Contact::FIRST_NAME.starts_with(&text),
            "ends" => Contact::FIRST_NAME.ends_with(&text),
            "contains" => Contact::FIRST_NAME.contains(&text),
            _ => Contact::FIRST_NAME.is_not_null(),
        };
        let escaped = pattern.replace('\\', "\\\\").replace('_', "\\_");
        Case {
            holds: |person, case| {
                let pattern = case.operand().to_lowercase().replace("\\_", "_").replace("\\\\", "\\");
                person.name.as_ref().is_some_and(|name| matches(&pattern, &name.to_lowercase()))
            },
            ..Case::new(condition, Comparison::Equals, "FirstName LIKE ? ESCAPE '\\'".to_owned(), escaped)
        }
    })
}

/// Tries every way to fill the wildcards.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_at_checked(1) {
        None => text.is_empty(),
        Some(("%", rest)) => (0..=text.len()).any(|at| matches(rest, &text[at..])),
        Some((letter, rest)) => text.strip_prefix(letter).is_some_and(|text| matches(rest, text)),
    }
}

fn owners() -> impl Strategy<Value = Case> {
    (select(&COMPARISONS[..]), 0..8).prop_map(|(comparison, owner)| Case {
        holds: |person, case| case.comparison.holds(person.owner, case.operand().parse().unwrap_or_default()),
        ..Case::new(
            condition!(comparison, Contact::OWNER_ID, UserId(owner)),
            comparison,
            comparison.sql("OwnerID").replace('?', "CAST(? AS INTEGER)"),
            owner.to_string(),
        )
    })
}

fn owners_in() -> impl Strategy<Value = Case> {
    proptest::collection::vec(0..8, 1..4).prop_map(|owners| {
        let list = owners.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
        let condition = Contact::OWNER_ID.is_in(owners.into_iter().map(UserId));
        Case {
            holds: |person, case| {
                person.owner.is_some_and(|owner| case.operand().split(',').any(|id| id == owner.to_string()))
            },
            ..Case::new(
                condition,
                Comparison::Equals,
                "instr(',' || ? || ',', ',' || OwnerID || ',') > 0".to_owned(),
                list,
            )
        }
    })
}

fn births() -> impl Strategy<Value = Case> {
    (select(&COMPARISONS[..]), 6..9_i8, 25..29_i8).prop_map(|(comparison, month, day)| {
        let day = Date::new(2013, month, day).expect("a day");
        Case {
            day: Some(day),
            holds: |person, case| case.day.is_some_and(|day| case.comparison.holds(person.born, day)),
            ..Case::new(
                condition!(comparison, Contact::BIRTHDAY, day),
                comparison,
                comparison.sql("substr(Birthday, 1, 10)"),
                dashed(day),
            )
        }
    })
}

fn updates() -> impl Strategy<Value = Case> {
    (select(&COMPARISONS[..]), 1..4_i8, 0..3_i8, 0..2_i8).prop_map(|(comparison, day, hour, second)| {
        let time = DateTime::new(2013, 6, day, hour * 11, 0, second * 59).expect("a time");
        Case {
            time: Some(time),
            holds: |person, case| case.time.is_some_and(|time| case.comparison.holds(person.updated, time)),
            ..Case::new(
                condition!(comparison, Contact::LAST_UPDATED, time),
                comparison,
                comparison.sql("LastUpdated"),
                spaced(time),
            )
        }
    })
}

fn days_of_updates() -> impl Strategy<Value = Case> {
    (1..4_i8).prop_map(|day| {
        let day = Date::new(2013, 6, day).expect("a day");
        Case {
            day: Some(day),
            holds: |person, case| person.updated.map(DateTime::date) == case.day,
            ..Case::new(
                Contact::LAST_UPDATED.on(day),
                Comparison::Equals,
                "substr(LastUpdated, 1, 10) = ?".to_owned(),
                dashed(day),
            )
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn conditions_find_what_sql_and_rust_find(
        name in proptest::option::of(prop_oneof![names(), patterns()]),
        owner in proptest::option::of(prop_oneof![owners(), owners_in()]),
        born in proptest::option::of(births()),
        updated in proptest::option::of(prop_oneof![updates(), days_of_updates()]),
        page_size in 1..400_usize,
    ) {
        let (crm, database, people) = &*PEOPLE;
        let cases: Vec<Case> = [name, owner, born, updated].into_iter().flatten().collect();
        let find = || -> Find<Contact> {
            let find = crm.find::<Contact>().select(&[&Contact::ID]).page_size(page_size.max(20));
            find.filters(cases.iter().map(|case| case.condition.clone()))
        };
        let found: Vec<i32> =
            find().iter().map(|row| row.map(|row| row.id.map_or(0, |id| id.0))).collect::<Result<_, _>>().expect("rows");

        let by_rust: Vec<i32> = people
            .iter()
            .filter(|person| cases.iter().all(|case| (case.holds)(person, case)))
            .map(|person| person.id)
            .collect();
        prop_assert_eq!(&found, &by_rust);

        let terms: Vec<&str> = cases.iter().map(|case| case.sql.as_str()).chain(["1"]).collect();
        let operands = cases.iter().filter_map(|case| case.operand.clone()).map(Stored::Text);
        let connection = database.connection();
        let sql = format!("SELECT Id FROM Contact WHERE {} ORDER BY Id", terms.join(" AND "));
        let mut statement = connection.prepare(&sql).expect("the statement is SQL");
        let by_sql: Vec<i32> = statement
            .query_map(rusqlite::params_from_iter(operands), |row| row.get(0))
            .expect("rows")
            .collect::<Result<_, _>>()
            .expect("ids");
        prop_assert_eq!(&found, &by_sql);

        prop_assert_eq!(find().count().expect("an answer"), found.len() as u64);
    }
}
