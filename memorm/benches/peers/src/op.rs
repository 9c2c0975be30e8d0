//! The operations, and how far ahead memorm is to be in each.

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Get,
    Peek,
    ScanFilter,
    ScanChanged,
    ScanAll,
    Sum,
    IndexEq,
    IndexRange,
    TopK,
    Join,
    JoinSum,
    Group,
    InsertBulk,
    UpdateTxn,
    UpdateStmt,
    ExclusiveUpdate,
    ExclusiveStmt,
    CommitOne,
    CommitOnePinned,
    InsertOne,
    DeleteOne,
    MixedTick,
    OldSnapshotScan,
    Seed,
    Fork,
    Diff100,
    Diff100Scanned,
}

use Op::*;

impl Op {
    /// In the order in which they run: what only reads comes first, on a fresh heap.
    pub const ALL: [Self; 27] = [
        Get,
        Peek,
        ScanFilter,
        ScanChanged,
        ScanAll,
        Sum,
        IndexEq,
        IndexRange,
        TopK,
        Join,
        JoinSum,
        Group,
        Fork,
        Diff100,
        Diff100Scanned,
        InsertBulk,
        UpdateTxn,
        ExclusiveUpdate,
        UpdateStmt,
        ExclusiveStmt,
        CommitOne,
        CommitOnePinned,
        InsertOne,
        DeleteOne,
        MixedTick,
        OldSnapshotScan,
        Seed,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Get => "get",
            Peek => "peek",
            ScanFilter => "scan_filter",
            ScanChanged => "scan_changed",
            ScanAll => "scan_all",
            Sum => "sum",
            IndexEq => "index_eq",
            IndexRange => "index_range",
            TopK => "top_k",
            Join => "join",
            JoinSum => "join_sum",
            Group => "group",
            InsertBulk => "insert_bulk",
            UpdateTxn => "update_txn",
            UpdateStmt => "update_stmt",
            ExclusiveUpdate => "exclusive_update",
            ExclusiveStmt => "exclusive_stmt",
            CommitOne => "commit_one",
            CommitOnePinned => "commit_one_pinned",
            InsertOne => "insert_one",
            DeleteOne => "delete_one",
            MixedTick => "mixed_tick",
            OldSnapshotScan => "old_snapshot_scan",
            Seed => "seed",
            Fork => "fork",
            Diff100 => "diff_100",
            Diff100Scanned => "diff_100_scanned",
        }
    }

    /// Whether the rows are other ones afterwards.
    pub fn writes(self) -> bool {
        matches!(
            self,
            UpdateTxn
                | UpdateStmt
                | ExclusiveUpdate
                | ExclusiveStmt
                | CommitOne
                | CommitOnePinned
                | InsertOne
                | DeleteOne
                | MixedTick
        )
    }

    /// Whether it is run at every size. An old version of ten million rows takes hours to make; the seed has its own rows.
    pub fn grows(self) -> bool {
        !matches!(self, OldSnapshotScan | Seed)
    }

    /// Whether it starts on a heap in which every row was replaced twice in random order.
    pub fn wants_aged_heap(self) -> bool {
        self.writes()
    }

    /// At most so many nanoseconds, at any size; for what no peer can do.
    pub fn at_most(self) -> Option<f64> {
        match self {
            Fork => Some(300.0),
            Diff100 => Some(15_000.0),
            Diff100Scanned => Some(60_000.0),
            _ => None,
        }
    }

    pub fn bars(self) -> Bars {
        let bars = |sqlite, sqlite_at_1m, mvcc, hashmap| Bars { sqlite, sqlite_at_1m, mvcc, hashmap };
        match self {
            Get => bars(6.0, 10.0, 2.0, 0.4),
            Peek => bars(14.0, 20.0, 4.0, 0.4),
            ScanFilter => bars(8.0, 6.0, 8.0, 0.5),
            ScanAll => bars(18.0, 18.0, 4.0, 0.6),
            Sum => bars(7.0, 7.0, 0.0, 0.4),
            IndexEq => bars(8.0, 12.0, 4.0, 0.4),
            IndexRange => bars(8.0, 12.0, 4.0, 0.4),
            TopK => bars(6.0, 6.0, 0.0, 0.5),
            Join => bars(6.0, 6.0, 0.0, 0.0),
            JoinSum => bars(1.5, 1.5, 0.0, 0.0),
            Group => bars(8.0, 8.0, 0.0, 0.0),
            InsertBulk => bars(2.0, 3.5, 2.0, 0.35),
            UpdateTxn => bars(1.0, 2.0, 2.0, 0.1),
            UpdateStmt => bars(0.6, 0.9, 0.0, 0.1),
            ExclusiveUpdate => bars(3.0, 5.0, 6.0, 0.3),
            ExclusiveStmt => bars(1.4, 1.4, 0.0, 0.3),
            CommitOne => bars(1.8, 3.0, 3.0, 0.0),
            CommitOnePinned => bars(0.8, 1.4, 0.0, 0.0),
            InsertOne => bars(2.5, 3.5, 2.0, 0.0),
            DeleteOne => bars(2.0, 2.0, 2.0, 0.0),
            MixedTick => bars(2.0, 2.5, 2.0, 0.2),
            OldSnapshotScan => bars(0.0, 0.0, 10.0, 0.0),
            Seed => bars(10.0, 10.0, 0.0, 0.0),
            ScanChanged | Fork | Diff100 | Diff100Scanned => bars(0.0, 0.0, 0.0, 0.0),
        }
    }
}

/// At least so many times the peer's speed; 0 where there is no bar.
#[derive(Clone, Copy, Debug)]
pub struct Bars {
    pub sqlite: f64,
    pub sqlite_at_1m: f64,
    pub mvcc: f64,
    pub hashmap: f64,
}
