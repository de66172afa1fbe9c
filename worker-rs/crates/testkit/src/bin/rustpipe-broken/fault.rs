//! What can be wrong with the worker.

use clap::ValueEnum;

/// One fault. Its name says what the worker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    /// Nothing is wrong.
    None,
    ReadsStdinToDescribe,
    DescribesNoFilters,
    DescribesVersionTwo,
    DescribesAColumnTwice,
    DescribesAnUnknownType,
    LogsToStdout,
    WritesLatin1,
    ForgetsAField,
    WritesTypeLast,
    LogsBeforeHello,
    KeepsItsOwnColumnOrder,
    HasNoWindow,
    EndsAStranger,
    ForgetsAnInput,
    EndsAnInputTwice,
    CutsRowsShort,
    WritesNumbersAsStrings,
    SendsNullForAWord,
    CountsARowTooMany,
    SendsDoneApart,
    SendsTwoRowsForOne,
    InventsACode,
    StartsCountersAnew,
    SaysNoBye,
    TalksBehindBye,
    ExitsWithOne,
    ForgetsErrorsInBye,
    WaitsForAnInput,
    WantsIdsInARow,
    RefusesUnknownFields,
    RefusesLongLines,
    DiesOfABadInput,
    WaitsForItsOutput,
    ResumesFromTheStart,
    TakesAnyVersion,
    TakesAnyTable,
    TakesAnyColumn,
    TakesAnyFrame,
    OutlivesItsStdin,
    OutlivesItsStdout,
    /// Does nothing at all, and stays.
    Sleeps,
    /// Writes lines for ever, and reads nothing.
    Floods,
    /// Starts a program of another session that holds its output, and dies.
    LeavesAChild,
    /// Starts such a program and waits for it.
    WaitsInAnother,
}
