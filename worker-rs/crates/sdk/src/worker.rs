//! A worker made of functions: its tables and options, declared once, and what becomes of an input.

use std::any::{Any, type_name};
use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Display};
use std::num::NonZeroU16;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;

use rustpipe_protocol::{
    Column, Description, ErrorCode, Input, InputField, Open, Table, TableRows, WorkerOption,
};

use crate::context::{Context, Query};
use crate::engine::{self, Finished, Opened, Output, Refusal, Selection, Service, Session};
use crate::failure::Failure;
use crate::function::{Function, Many, One};
use crate::outlet::Outlet;
use crate::record::Record;
use crate::rows::Rows;

/// How many inputs are worked on at once, by name.
const CONCURRENCY: &str = "concurrency";
/// The default of the connector's own option of that name.
const DEFAULT_CONCURRENCY: &str = "64";
/// Beyond what a connector asks for, and a window of it fits any integer.
const MAX_CONCURRENCY: NonZeroU16 = NonZeroU16::MAX;

/// A worker: the tables that it offers, each of them a function of an input. See the [crate's documentation](crate).
pub struct Worker {
    name: String,
    version: String,
    options: Vec<Declared>,
    tables: Vec<Table>,
    /// By the tables' names.
    functions: HashMap<String, Arc<dyn Function>>,
}

struct Declared {
    option: WorkerOption,
    check: fn(&str) -> Result<(), String>,
}

impl Declared {
    fn new<T: FromStr<Err: Display>>(option: WorkerOption) -> Self {
        let check = |value: &str| value.parse::<T>().map(drop).map_err(|it| it.to_string());
        Self { option, check }
    }
}

impl Worker {
    /// A worker without tables. `env!("CARGO_PKG_NAME")` and `env!("CARGO_PKG_VERSION")` are its crate's name and version.
    #[must_use]
    pub fn new(name: &str, version: &str) -> Self {
        let concurrency = WorkerOption {
            name: CONCURRENCY.to_owned(),
            r#type: format!("int, 1 to {MAX_CONCURRENCY}"),
            default: DEFAULT_CONCURRENCY.to_owned(),
            description: "How many inputs the worker works on at once".to_owned(),
        };
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            options: vec![Declared::new::<NonZeroU16>(concurrency)],
            tables: Vec::new(),
            functions: HashMap::new(),
        }
    }

    /// Declares an option that users set with `.option(name, value)`, and functions read with
    /// [`Context::option`]. A value that is none of the type is an error before any input.
    ///
    /// # Panics
    /// When the default is none of the type, or there is an option of this name, as `concurrency` always is.
    #[must_use]
    pub fn option<T>(mut self, name: &str, default: &str, description: &str) -> Self
    where
        T: FromStr<Err: Display>,
    {
        let option = WorkerOption {
            name: name.to_owned(),
            r#type: short_name::<T>(),
            default: default.to_owned(),
            description: description.to_owned(),
        };
        let mut others = self.options.iter().map(|it| &it.option.name);
        assert!(
            others.all(|other| !other.eq_ignore_ascii_case(name)),
            "there is an option '{name}' already; Spark does not tell capitals apart"
        );
        let declared = Declared::new::<T>(option);
        if let Err(error) = (declared.check)(default) {
            let r#type = &declared.option.r#type;
            panic!("the default of option '{name}' is '{default}', which is no {type}: {error}");
        }
        self.options.push(declared);
        self
    }

    /// Offers a table with exactly one row for each input. An input that fails is a row with its error.
    ///
    /// # Panics
    /// When there is a table of this name.
    #[must_use]
    pub fn one<I, R, F, T>(self, table: &str, comment: &str, function: F) -> Self
    where
        I: Record + 'static,
        R: Record + Send + Sync + 'static,
        F: Fn(I, Context) -> T + Send + Sync + 'static,
        T: Future<Output = Result<R, Failure>> + Send + 'static,
    {
        let rows = TableRows::One;
        self.offer::<I, R>(table, comment, rows, One::new(function))
    }

    /// Offers a table with any number of rows for each input. An input that fails has a row with its error behind those
    /// that were sent.
    ///
    /// # Panics
    /// When there is a table of this name.
    #[must_use]
    pub fn many<I, R, F, T>(self, table: &str, comment: &str, function: F) -> Self
    where
        I: Record + 'static,
        R: Record + 'static,
        F: Fn(I, Rows<R>, Context) -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let rows = TableRows::Many;
        self.offer::<I, R>(table, comment, rows, Many::new(function))
    }

    fn offer<I: Record, R: Record>(
        mut self,
        name: &str,
        comment: &str,
        rows_per_input: TableRows,
        function: impl Function,
    ) -> Self {
        let input = I::fields().into_iter().map(|field| InputField {
            name: field.name.to_owned(),
            r#type: field.r#type,
            nullable: field.nullable,
            comment: field.comment.to_owned(),
        });
        let columns = R::fields().into_iter().map(|field| Column {
            name: field.name.to_owned(),
            r#type: field.r#type,
            nullable: field.nullable,
            comment: field.comment.to_owned(),
            cost: "row".to_owned(),
        });
        let table = Table {
            name: name.to_owned(),
            comment: comment.to_owned(),
            rows_per_input,
            input: Some(input.collect()),
            columns: columns.collect(),
        };
        self.tables.push(table);
        let before = self.functions.insert(name.to_owned(), Arc::new(function));
        assert!(before.is_none(), "there is a table '{name}' already");
        self
    }

    /// Does what the last word of the command line says: `describe` or `run`. The words before it are the program's own.
    /// Gives the status to exit with.
    #[must_use]
    pub fn run(self) -> ExitCode {
        match std::env::args().next_back().as_deref() {
            Some("describe") => engine::describe(&self),
            Some("run") => engine::run(&self),
            _ => {
                eprintln!(
                    "{} is a worker for rustpipe, which starts it as `{0} run`; `{0} describe` shows what it offers",
                    self.name
                );
                ExitCode::from(2)
            }
        }
    }

    /// All options with their values for a query.
    fn options(
        &self,
        given: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, Refusal> {
        let mut options: BTreeMap<_, _> = self
            .options
            .iter()
            .map(|declared| {
                (
                    declared.option.name.clone(),
                    declared.option.default.clone(),
                )
            })
            .collect();
        for (name, value) in given {
            let declared = self.options.iter().find(|it| it.option.name == *name);
            let Some(Declared { option, check }) = declared else {
                let known: Vec<_> = options.into_keys().collect();
                return Err(Refusal::Asked(format!(
                    "unknown option '{name}'; this worker takes {}",
                    known.join(", ")
                )));
            };
            check(value).map_err(|error| {
                Refusal::Asked(format!(
                    "option {name}: '{value}' is no {}: {error}",
                    option.r#type
                ))
            })?;
            options.insert(name.clone(), value.clone());
        }
        Ok(options)
    }
}

impl Service for Worker {
    type Session = Inputs;

    fn description(&self) -> Description {
        let tables = self.tables.clone();
        let options = self.options.iter().map(|it| it.option.clone()).collect();
        engine::description(&self.name, &self.version, tables, options)
    }

    fn open(&self, open: &Open, output: &Output) -> Result<Opened<Inputs>, Refusal> {
        let Selection {
            table,
            places,
            columns,
        } = Selection::of(&self.tables, open)?;
        let options = self.options(&open.options)?;
        let concurrency = options[CONCURRENCY].parse::<NonZeroU16>();
        Ok(Opened {
            columns,
            concurrency: concurrency.map_or(1, |it| it.get().into()),
            session: Inputs {
                function: Arc::clone(&self.functions[&table.name]),
                places: places.into(),
                query: Arc::new(Query {
                    options,
                    columns: open.columns.clone(),
                    output: output.clone(),
                }),
            },
        })
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Worker({} {})", self.name, self.version)
    }
}

/// The inputs of one conversation.
pub struct Inputs {
    function: Arc<dyn Function>,
    /// The columns wanted, by their places in the record.
    places: Arc<[usize]>,
    query: Arc<Query>,
}

impl Session for Inputs {
    async fn run(self: Arc<Self>, input: Input) -> Finished {
        let Input { id, input, resume } = input;
        let outlet = Outlet::new(id, self.query.output.clone(), Arc::clone(&self.places));
        let context = Context::new(Arc::clone(&self.query));
        let (function, its_outlet) = (Arc::clone(&self.function), outlet.clone());
        let its_context = context.clone();
        // A task of its own, so that a panic costs this input only.
        let work =
            tokio::spawn(
                async move { function.call(input, resume, its_outlet, its_context).await },
            );
        let result = work.await.unwrap_or_else(|error| {
            let text = error
                .try_into_panic()
                .map_or_else(|it| it.to_string(), text);
            Err(Failure::new(
                ErrorCode::Internal,
                format!("a defect of the worker, please report it: {text}"),
            ))
        });
        outlet.finish(result, context.counted())
    }
}

/// What a panic says.
fn text(payload: Box<dyn Any + Send>) -> String {
    let other = match payload.downcast::<String>() {
        Ok(text) => return *text,
        Err(other) => other,
    };
    let text = other.downcast_ref::<&str>().copied();
    let text = text.unwrap_or("no message").to_owned();
    // It can be of any type, and to drop it might be the next panic.
    std::mem::forget(other);
    text
}

/// A type's name without its modules.
fn short_name<T>() -> String {
    let name = type_name::<T>();
    name.rsplit("::").next().unwrap_or(name).to_lowercase()
}
