//! A table as CSV, against the sandbox: no account, no arguments.
//!
//! ```text
//! cargo run -p infusionsoft-sandbox --example export_contacts -- --table Lead --out leads.csv
//! cargo run -p infusionsoft-sandbox --example export_contacts -- --table Lead --out leads.csv --resume
//! ```
//!
//! An export can be taken up again after it was interrupted anywhere, by `kill -9` or a power cut too. The file and the place
//! in the query can't be written at the same moment, so each page is first written to the file, and only then the place after
//! it is noted beside the file, together with how long the file is by now. Going on begins by cutting the file to that length:
//! what came after the last note goes, and comes again. No row is missing, and none is there twice.

use std::error::Error;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use infusionsoft::find::{Cursor, Pages, Selectable};
use infusionsoft::table::Table;
use infusionsoft::{Client, Credentials, Record, tables};
use infusionsoft_sandbox::{ACCESS_TOKEN, Sandbox};
use lexopt::ValueExt as _;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let (mut table, mut out, mut resume) = ("Contact".to_owned(), None, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Long("table") => table = arguments.value()?.string()?,
            lexopt::Arg::Long("out") => out = Some(PathBuf::from(arguments.value()?)),
            lexopt::Arg::Long("resume") => resume = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let out = out.unwrap_or_else(|| std::env::temp_dir().join(format!("{table}.csv")));

    // With the real server: credentials of yours, and no transport.
    let sandbox = Sandbox::builder().contacts(5000).build()?;
    let credentials = Credentials::access_token(ACCESS_TOKEN);
    let client = Client::builder().credentials(credentials).transport(sandbox).build()?;

    let source = any_table(&client, &table)?;
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} rows, {eta} left")?;
    let bar = ProgressBar::new(source.total).with_style(style);
    let mut export = if resume { Export::resume(source, &out)? } else { Export::begin(source, &out)? };
    bar.set_position(export.rows);
    while export.page()? {
        bar.set_position(export.rows);
    }
    bar.finish();
    println!("{} rows of {table} are in {}", export.rows, out.display());
    Ok(())
}

/// What is exported: the rows as records, whatever the table.
struct Source {
    columns: Vec<&'static str>,
    /// How many rows there are now, for the progress bar.
    total: u64,
    /// The query's pages from the start, or from where an earlier run stood.
    pages: Box<dyn Fn(Option<Cursor>) -> Pages<Record>>,
}

impl Source {
    fn of<T: Table>(client: &Client) -> Result<Source> {
        let selected = T::COLUMNS.iter().filter(|column| column.selected && !column.sensitive);
        let columns: Vec<&'static str> = selected.map(|column| column.name).collect();
        let (client, names) = (client.clone(), columns.clone());
        let total = client.find::<T>().count()?;
        let pages = move |from: Option<Cursor>| {
            let columns: Vec<&dyn Selectable<T>> = names.iter().map(|name| name as _).collect();
            let mut find = client.find_as::<T, Record>().select(&columns).read_ahead();
            if let Some(from) = from {
                find = find.resume(from);
            }
            find.pages()
        };
        Ok(Source { columns, total, pages: Box::new(pages) })
    }
}

/// Declares the tables that can be named.
macro_rules! any_table {
    ($($table:ident)*) => {
        /// The table of that name.
        fn any_table(client: &Client, name: &str) -> Result<Source> {
            match name {
                $(stringify!($table) => Source::of::<tables::$table>(client),)*
                _ => Err(format!("there is no table {name}; there are {}", [$(stringify!($table)),*].join(", ")).into()),
            }
        }
    };
}

any_table! {
    ActionSequence AffResource Affiliate CCharge CProgram Campaign CampaignStep Campaignee Company Contact ContactAction
    ContactGroup ContactGroupAssign ContactGroupCategory CreditCard DataFormField DataFormGroup DataFormTab EmailAddStatus
    Expense FileBox GroupAssign Invoice InvoiceItem InvoicePayment Job JobRecurringInstance Lead LeadSource
    LeadSourceCategory LeadSourceExpense LeadSourceRecurringExpense LinkedContactType MtgLead OrderItem PayPlan PayPlanItem
    Payment Product ProductCategory ProductCategoryAssign ProductInterest ProductInterestBundle ProductOptValue
    ProductOption ProductOptionValue RecurringOrder RecurringOrderWithContact Referral SavedFilter Stage StageMove Status
    SubscriptionPlan Template Ticket TicketStage TicketType User UserGroup
}

/// An export under way.
struct Export {
    columns: Vec<&'static str>,
    pages: Pages<Record>,
    file: File,
    out: PathBuf,
    /// How many rows the file has.
    rows: u64,
}

impl Export {
    /// Begins anew.
    fn begin(source: Source, out: &Path) -> Result<Export> {
        // First the note of an earlier export, so that it is never taken for one of this file.
        match fs::remove_file(note(out)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let file = File::create(out)?;
        let mut export =
            Export { pages: (source.pages)(None), columns: source.columns, file, out: out.to_owned(), rows: 0 };
        let mut header = csv::Writer::from_writer(Vec::new());
        header.write_record(&export.columns)?;
        export.append(&header.into_inner()?)?;
        Ok(export)
    }

    /// Goes on where an export to the same file was interrupted.
    fn resume(source: Source, out: &Path) -> Result<Export> {
        let saved =
            fs::read_to_string(note(out)).map_err(|error| format!("there is no export to go on with: {error}"))?;
        let [length, rows, cursor] = saved.lines().collect::<Vec<_>>()[..] else {
            return Err("the note beside the file is not one of this program".into());
        };
        let mut file = File::options().write(true).open(out)?;
        file.set_len(length.parse()?)?;
        file.seek(SeekFrom::End(0))?;
        let pages = (source.pages)(Some(cursor.parse()?));
        Ok(Export { pages, columns: source.columns, file, out: out.to_owned(), rows: rows.parse()? })
    }

    /// Exports a page; answers whether there was one. After the last one nothing is left to go on with.
    fn page(&mut self) -> Result<bool> {
        let Some(page) = self.pages.next().transpose()? else {
            fs::remove_file(note(&self.out))?;
            return Ok(false);
        };
        let mut lines = csv::Writer::from_writer(Vec::new());
        for row in &page {
            let cells: Vec<String> = self
                .columns
                .iter()
                .map(|name| row.get_or(name, String::new()))
                .collect::<std::result::Result<_, _>>()?;
            lines.write_record(&cells)?;
        }
        self.rows += page.len() as u64;
        self.append(&lines.into_inner()?)?;
        Ok(true)
    }

    /// Writes lines, and notes where the export stands once they are safe.
    fn append(&mut self, lines: &[u8]) -> Result<()> {
        self.file.write_all(lines)?;
        self.file.sync_data()?;
        let note = note(&self.out);
        // A new file takes the old one's place in one step, so there is always a whole note.
        let new = note.with_extension("new");
        let mut file = File::create(&new)?;
        writeln!(file, "{}\n{}\n{}", self.file.stream_position()?, self.rows, self.pages.position())?;
        file.sync_all()?;
        fs::rename(new, note)?;
        Ok(())
    }
}

/// Where the state of an export is noted.
fn note(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".progress");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An account with contacts for three pages, a client for it, and a folder.
    fn account(name: &str) -> (Client, PathBuf) {
        let sandbox = Sandbox::builder().contacts(2500).build().expect("an account");
        let builder = Client::builder().credentials(Credentials::access_token(ACCESS_TOKEN)).transport(sandbox);
        let folder = std::env::temp_dir().join(format!("infusionsoft-export-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        (builder.build().expect("a client"), folder)
    }

    #[test]
    fn an_interrupted_export_is_the_same_as_a_whole_one() -> Result<()> {
        let (client, folder) = account("interrupted");
        let whole = folder.join("whole.csv");
        let mut export = Export::begin(any_table(&client, "Contact")?, &whole)?;
        while export.page()? {}
        assert_eq!(export.rows, 2500);
        assert!(!note(&whole).exists(), "nothing is left to go on with");

        let parts = folder.join("parts.csv");
        let mut export = Export::begin(any_table(&client, "Contact")?, &parts)?;
        for pages in 0..=2 {
            // Killed in the middle of a page: half of it is in the file, and the note is that of the page before.
            export.file.write_all(b"1,half a row")?;
            drop(export);
            export = Export::resume(any_table(&client, "Contact")?, &parts)?;
            assert_eq!(export.rows, pages * 1000);
            assert!(export.page()?);
        }
        assert!(!export.page()?);
        assert!(fs::read(&whole)? == fs::read(&parts)?, "the files differ");
        assert!(Export::resume(any_table(&client, "Contact")?, &parts).is_err());
        fs::remove_dir_all(folder)?;
        Ok(())
    }

    #[test]
    fn any_table_can_be_exported() -> Result<()> {
        let (client, folder) = account("any");
        for name in ["ContactGroupAssign", "Invoice", "Lead", "DataFormField"] {
            let out = folder.join(name);
            let mut export = Export::begin(any_table(&client, name)?, &out)?;
            while export.page()? {}
            let mut lines = csv::Reader::from_path(&out)?;
            assert_eq!(lines.records().count() as u64, any_table(&client, name)?.total, "{name}");
        }
        let refused = any_table(&client, "Contacts").err().ok_or("there is no such table")?;
        assert!(refused.to_string().starts_with("there is no table Contacts; there are ActionSequence"), "{refused}");
        fs::remove_dir_all(folder)?;
        Ok(())
    }
}
