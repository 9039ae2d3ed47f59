//! What an account has before its first contact: users, tags, products, stages, sequences, action sets.

use super::people::PLACES;
use super::{Demo, OPEN, Row};
use crate::fault::Fault;
use crate::services::{Action, add_action};

/// The ids of what was set up, in the order of the lists here.
pub(super) struct Setup {
    pub(super) users: Vec<i32>,
    pub(super) tags: Vec<i32>,
    pub(super) lead_sources: Vec<(i32, &'static str)>,
    pub(super) products: Vec<Product>,
    pub(super) stages: Vec<i32>,
    pub(super) sequences: Vec<i32>,
}

/// Something to sell.
#[derive(Clone, Copy)]
pub(super) struct Product {
    pub(super) id: i32,
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    pub(super) cents: i64,
}

/// Category, name, and how many contacts in a hundred have it; customers all have theirs.
pub(super) const TAGS: &[(&str, &str, i64)] = &[
    ("Kind", "Customer", 0),
    ("Kind", "Prospect", 30),
    ("Kind", "Partner", 3),
    ("Interest", "Newsletter", 55),
    ("Interest", "Workshops", 20),
    ("Interest", "Garden furniture", 18),
    ("Interest", "Tools", 22),
    ("Interest", "Seeds", 25),
    ("Event", "Spring fair", 12),
    ("Event", "Autumn fair", 9),
    ("Event", "Webinar", 15),
    ("Status", "VIP", 4),
    ("Status", "Do not call", 3),
];

const LEAD_SOURCES: &[(&str, &str, &str)] = &[
    ("Online", "Web form", "Website"),
    ("Online", "Search engine", "Website"),
    ("Online", "Social media", "Social media"),
    ("Print", "Garden magazine", "Magazine"),
    ("In person", "Spring fair", "Trade show"),
    ("In person", "Recommended by a friend", "Referral"),
];

const CATEGORIES: &[&str] = &["Tools", "Seeds and bulbs", "Furniture", "Workshops"];

/// Category, SKU, name, short description, price in cents, weight.
const PRODUCTS: &[(usize, &str, &str, &str, i64, f64)] = &[
    (0, "T-100", "Hand trowel", "Forged steel with an ash handle.", 1_950, 0.4),
    (0, "T-110", "Pruning shears", "Bypass shears for branches up to an inch.", 3_495, 0.6),
    (0, "T-120", "Garden fork", "Four tines, stainless.", 5_900, 4.1),
    (0, "T-130", "Watering can", "Two gallons, galvanized.", 4_250, 3.2),
    (0, "T-140", "Wheelbarrow", "Six cubic feet, one wheel.", 12_900, 38.0),
    (1, "S-200", "Wildflower mix", "Seeds for a hundred square feet.", 895, 0.1),
    (1, "S-210", "Tomato collection", "Five old kinds, twenty seeds each.", 1_495, 0.1),
    (1, "S-220", "Herb box", "Basil, thyme, sage and chives.", 2_200, 1.2),
    (1, "S-230", "Spring bulbs", "Fifty tulips and daffodils.", 2_750, 3.0),
    (2, "F-300", "Folding chair", "Acacia, oiled.", 8_900, 11.0),
    (2, "F-310", "Bench for two", "Teak, five feet long.", 34_900, 46.0),
    (2, "F-320", "Round table", "Teak, four feet across.", 42_500, 61.0),
    (3, "W-400", "Workshop: pruning", "One morning, in the orchard.", 7_500, 0.0),
    (3, "W-410", "Workshop: compost", "One evening, boots advised.", 4_500, 0.0),
];

/// The stages of an opportunity, and how many days it should stay there.
const STAGES: &[(&str, i64)] = &[
    ("New Opportunity", 2),
    ("Contacting", 7),
    ("Engaging", 14),
    ("Qualified", 21),
    ("Nurturing", 90),
    ("Won", 0),
    ("Lost", 0),
];

const SEQUENCES: &[(&str, &[&str])] = &[
    ("Welcome", &["Welcome letter", "Three tips", "First offer"]),
    ("Long-term nurture", &["Spring letter", "Summer letter", "Autumn letter", "Winter letter"]),
    ("After the purchase", &["Thank you", "How to care for it", "Please tell a friend"]),
    ("Webinar", &["Invitation", "Reminder", "Recording"]),
];

/// Action sets: name, the place of the tag that they apply in its list, and that of the sequence that they start.
const ACTION_SETS: &[(&str, usize, usize)] =
    &[("New prospect", 1, 0), ("Has bought", 0, 2), ("Came to the fair", 8, 1), ("Wants the webinar", 10, 3)];

/// Sets the account up.
pub(super) fn setup(demo: &mut Demo<'_>) -> Result<Setup, Fault> {
    let setup = Setup {
        users: (0..5).map(|_| user(demo)).collect::<Result<_, _>>()?,
        tags: tags(demo)?,
        lead_sources: lead_sources(demo)?,
        products: products(demo)?,
        stages: stages(demo)?,
        sequences: SEQUENCES.iter().map(|(name, steps)| sequence(demo, name, steps)).collect::<Result<_, _>>()?,
    };
    for (name, tag, sequence) in ACTION_SETS {
        let set = demo.insert("ActionSequence", &[("TemplateName", name)])?;
        add_action(demo.transaction, set, Action::ApplyTag(setup.tags[*tag]))?;
        add_action(demo.transaction, set, Action::StartSequence(setup.sequences[*sequence]))?;
    }
    Ok(setup)
}

fn user(demo: &mut Demo<'_>) -> Result<i32, Fault> {
    let (first_name, last_name) = (demo.chance.first_name(), demo.chance.last_name());
    let (place, email) = (&PLACES[0], demo.chance.address(&[first_name, last_name]));
    let phone = demo.chance.phone(place.area);
    demo.insert(
        "User",
        &[
            ("FirstName", &first_name),
            ("LastName", &last_name),
            ("Email", &email),
            ("Phone1", &phone),
            ("Phone1Type", &"Work"),
            ("City", &place.city),
            ("State", &place.state),
        ],
    )
}

fn tags(demo: &mut Demo<'_>) -> Result<Vec<i32>, Fault> {
    let mut category = ("", 0);
    let mut add = |&(kind, name, _): &(&'static str, &str, i64)| {
        if category.0 != kind {
            category = (kind, demo.insert("ContactGroupCategory", &[("CategoryName", &kind)])?);
        }
        demo.insert("ContactGroup", &[("GroupName", &name), ("GroupCategoryId", &category.1)])
    };
    TAGS.iter().map(&mut add).collect()
}

fn lead_sources(demo: &mut Demo<'_>) -> Result<Vec<(i32, &'static str)>, Fault> {
    let mut category = ("", 0);
    let mut add = |&(kind, name, medium): &(&'static str, &'static str, &str)| {
        if category.0 != kind {
            category = (kind, demo.insert("LeadSourceCategory", &[("Name", &kind)])?);
        }
        let row: Row<'_> = &[
            ("Name", &name),
            ("Medium", &medium),
            ("LeadSourceCategoryId", &category.1),
            ("StartDate", &OPEN.date()),
            ("Status", &"Active"),
        ];
        Ok((demo.insert("LeadSource", row)?, name))
    };
    LEAD_SOURCES.iter().map(&mut add).collect()
}

fn products(demo: &mut Demo<'_>) -> Result<Vec<Product>, Fault> {
    let mut categories = Vec::new();
    for (order, name) in (1_i64..).zip(CATEGORIES) {
        categories.push(demo.insert("ProductCategory", &[("CategoryDisplayName", name), ("CategoryOrder", &order)])?);
    }
    let mut add =
        |&(category, sku, name, text, cents, weight): &(usize, &str, &'static str, &'static str, i64, f64)| {
            let goods = i64::from(weight > 0.0);
            let row: Row<'_> = &[
                ("ProductName", &name),
                ("Sku", &sku),
                ("ShortDescription", &text),
                ("ProductPrice", &dollars(cents)),
                ("Weight", &weight),
                ("Shippable", &goods),
                ("Taxable", &goods),
                ("Status", &1),
            ];
            let id = demo.insert("Product", row)?;
            demo.insert("ProductCategoryAssign", &[("ProductCategoryId", &categories[category]), ("ProductId", &id)])?;
            Ok(Product { id, name, text, cents })
        };
    PRODUCTS.iter().map(&mut add).collect()
}

fn stages(demo: &mut Demo<'_>) -> Result<Vec<i32>, Fault> {
    let mut add = |(order, (name, days)): (i64, &(&str, i64))| {
        demo.insert("Stage", &[("StageName", name), ("StageOrder", &order), ("TargetNumDays", days)])
    };
    (1..).zip(STAGES).map(&mut add).collect()
}

fn sequence(demo: &mut Demo<'_>, name: &str, steps: &[&str]) -> Result<i32, Fault> {
    let id = demo.insert("Campaign", &[("Name", &name), ("Status", &"Active")])?;
    for step in steps {
        demo.insert("CampaignStep", &[("CampaignId", &id), ("StepTitle", step), ("StepStatus", &"Ready")])?;
    }
    Ok(id)
}

/// An amount as it is stored.
pub(super) fn dollars(cents: i64) -> f64 {
    cents as f64 / 100.0
}
