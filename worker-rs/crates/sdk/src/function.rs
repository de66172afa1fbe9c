//! Functions of inputs, with their types taken away.

use std::marker::PhantomData;
use std::pin::Pin;

use serde_json::{Map, Value as Json};

use crate::context::Context;
use crate::failure::Failure;
use crate::outlet::{Outlet, foreign};
use crate::record::Record;
use crate::rows::Rows;

pub(crate) type Called<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// What a table does with an input.
pub(crate) trait Function: Send + Sync + 'static {
    /// Reads the input and sends its rows. May panic.
    fn call(
        &self,
        input: Map<String, Json>,
        resume: Option<String>,
        outlet: Outlet,
        context: Context,
    ) -> Called<'_>;
}

/// A function that gives one row.
pub(crate) struct One<I, R, F> {
    function: F,
    types: PhantomData<fn(I) -> R>,
}

/// A function that sends rows.
pub(crate) struct Many<I, R, F> {
    function: F,
    types: PhantomData<fn(I) -> R>,
}

impl<I, R, F> One<I, R, F> {
    pub(crate) fn new(function: F) -> Self {
        let types = PhantomData;
        Self { function, types }
    }
}

impl<I, R, F> Many<I, R, F> {
    pub(crate) fn new(function: F) -> Self {
        let types = PhantomData;
        Self { function, types }
    }
}

impl<I, R, F, T> Function for One<I, R, F>
where
    I: Record + 'static,
    R: Record + Send + Sync + 'static,
    F: Fn(I, Context) -> T + Send + Sync + 'static,
    T: Future<Output = Result<R, Failure>> + Send + 'static,
{
    fn call(
        &self,
        input: Map<String, Json>,
        resume: Option<String>,
        outlet: Outlet,
        context: Context,
    ) -> Called<'_> {
        Box::pin(async move {
            // One row has no mark.
            if let Some(token) = resume {
                return Err(foreign(&token));
            }
            let input = I::read(input).map_err(|error| Failure::unreadable(&error))?;
            let row = (self.function)(input, context).await?;
            outlet.send(&row).await
        })
    }
}

impl<I, R, F, T> Function for Many<I, R, F>
where
    I: Record + 'static,
    R: Record + 'static,
    F: Fn(I, Rows<R>, Context) -> T + Send + Sync + 'static,
    T: Future<Output = Result<(), Failure>> + Send + 'static,
{
    fn call(
        &self,
        input: Map<String, Json>,
        resume: Option<String>,
        outlet: Outlet,
        context: Context,
    ) -> Called<'_> {
        Box::pin(async move {
            let resume = resume.map(|token| outlet.resume(&token)).transpose()?;
            let input = I::read(input).map_err(|error| Failure::unreadable(&error))?;
            (self.function)(input, Rows::new(outlet, resume), context).await
        })
    }
}
