//! Ten thousand futures of one portfolio: each a fork of the same state, each with random numbers of its own.
//!
//! ```text
//! cargo run --release -p memorm --example monte_carlo
//! ```
//!
//! ```text
//!                                  ┌─ fork 0 ──── 24 random months ──►┐
//!   24 random months ──► one state ┼─ fork 1 ──── …                   ├──► outcomes ──► quantiles, fan chart
//!                                  └─ fork 9,999 ─ …                ──►┘
//! ```
//!
//! A fork shares every row with the original and copies what it changes. Within a fork nobody else is there, so each path
//! takes the direct path, `exclusive`: no commit for each step. What comes out is a table again, and its quantiles are a
//! query. Results do not depend on how many threads there are. None of this is advice on how to invest.
use indicatif::{ProgressBar, ProgressStyle};
use memorm::prelude::*;
use memorm::{Error, Result};
use plotters::prelude::*;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::{self, available_parallelism};
use std::time::Instant;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "assets")]
struct Asset {
    #[model(primary_key)]
    id: u32,
    name: String,
    price: f64,
    /// What the price gains in a month on average, as a fraction of it.
    drift: f64,
    /// How far a month is from the average.
    volatility: f64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "holdings", check = is_long)]
struct Holding {
    #[model(primary_key, references(Asset))]
    asset_id: u32,
    units: f64,
}

fn is_long(holding: &Holding) -> Result<(), &'static str> {
    if holding.units >= 0.0 { Ok(()) } else { Err("units are owed") }
}

/// What the portfolio was worth at the end of a month.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "marks")]
struct Mark {
    #[model(primary_key)]
    month: u32,
    worth: f64,
}

/// What it was worth in one of the futures.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "outcomes")]
struct Outcome {
    #[model(primary_key)]
    path: u64,
    #[model(primary_key)]
    month: u32,
    worth: f64,
}

const PATHS: u64 = 10_000;
const MONTHS: u32 = 24;
const WORTH: f64 = 100_000.0;
/// 5 %, 25 %, the median, 75 %, 95 %.
const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// A month and the quantiles of what the portfolio is worth then.
type Fan = Vec<(u32, [f64; 5])>;

fn main() -> Result<()> {
    let mut origin = start()?;
    live(&mut origin, 1..=MONTHS, &mut Random::new(0))?;
    let (before, hash) = (origin.snapshot(), origin.state_hash());

    let start = Instant::now();
    let threads = available_parallelism().map_or(1, usize::from);
    let outcomes = futures(&origin, PATHS, threads)?;
    eprintln!("{PATHS} forks on {threads} threads in {:.2?}", start.elapsed());

    assert_eq!(origin.version(), before.version());
    assert_eq!(origin.state_hash(), hash, "the original has not noticed");
    assert!(
        select::<Holding>()
            .all(&origin)?
            .iter()
            .all(|row| before.get(row.asset_id).is_some_and(|old| Arc::ptr_eq(row, &old)))
    );
    assert_eq!(future(&origin, 7)?.state_hash(), future(&origin, 7)?.state_hash(), "one seed, one future");
    assert_ne!(future(&origin, 7)?.state_hash(), future(&origin, 8)?.state_hash());
    assert_eq!(outcomes[..50 * MONTHS as usize], futures(&origin, 50, 3)?, "on any number of threads");

    let results = Database::new();
    results.transaction(|session| session.add_all(outcomes.iter().cloned()).map(drop))?;
    let fan = fan(&results)?;
    report(&origin, &results, &fan)?;
    draw(&select::<Mark>().all(&origin)?, &fan, &output_folder()?.join("fan.svg"))?;
    Ok(())
}

/// Four assets, a quarter of the money in each.
fn start() -> Result<Database> {
    let db = Database::new();
    let assets =
        [("bonds", 0.002, 0.01), ("gold", 0.004, 0.05), ("shares", 0.007, 0.045), ("start-ups", 0.012, 0.11)];
    db.transaction(|session| {
        for (id, (name, drift, volatility)) in (1..).zip(assets) {
            session.add(Asset { id, name: name.into(), price: 100.0, drift, volatility })?;
            session.add(Holding { asset_id: id, units: WORTH / 4.0 / 100.0 })?;
        }
        session.add(Mark { month: 0, worth: WORTH }).map(drop)
    })?;
    Ok(db)
}

/// Walks through months: prices move, the portfolio is marked, and at the end of a quarter it is balanced again.
fn live(db: &mut Database, months: impl IntoIterator<Item = u32>, random: &mut Random) -> Result<()> {
    let mut hot = db.exclusive()?;
    let ids = select::<Asset>().select(Asset::ID).all(&hot)?;
    for month in months {
        // one shock for all and one for each: in bad months nearly everything falls
        let common = random.normal();
        let mut worth = 0.0;
        for &id in &ids {
            let shock = 0.6 * common + 0.8 * random.normal();
            let asset = hot.update::<Asset>(id, |asset| {
                asset.price *= (1.0 + asset.drift + asset.volatility * shock).max(0.01);
            })?;
            worth += hot.peek::<Holding>(id).map_or(0.0, |holding| holding.units) * asset.price;
        }
        if month.is_multiple_of(3) {
            for &id in &ids {
                let price = hot.get_one::<Asset>(id)?.price;
                hot.update::<Holding>(id, |holding| holding.units = worth / ids.len() as f64 / price)?;
            }
        }
        hot.add(Mark { month, worth })?;
    }
    Ok(())
}

/// One future: a fork that has lived on.
fn future(origin: &Database, path: u64) -> Result<Database> {
    let mut fork = origin.fork();
    live(&mut fork, MONTHS + 1..=2 * MONTHS, &mut Random::new(path + 1))?;
    Ok(fork)
}

/// Lives through futures `0..paths`, shared out among threads, and returns what they came to, by path and month.
fn futures(origin: &Database, paths: u64, threads: usize) -> Result<Vec<Outcome>> {
    let bar = progress(paths); // draws nothing where nobody watches
    let future_months = select::<Mark>().filter(Mark::MONTH.gt(MONTHS));
    let share = |first: u64| -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::new();
        for path in (first..paths).step_by(threads) {
            let marks = future_months.all(&future(origin, path)?)?;
            outcomes.extend(marks.iter().map(|mark| Outcome { path, month: mark.month, worth: mark.worth }));
            bar.inc(1);
        }
        Ok(outcomes)
    };
    let shares: Vec<Result<Vec<Outcome>>> = thread::scope(|scope| {
        let share = &share;
        let running: Vec<_> = (0..threads as u64).map(|first| scope.spawn(move || share(first))).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    bar.finish_and_clear();
    let mut outcomes = shares.into_iter().collect::<Result<Vec<_>>>()?.concat();
    outcomes.sort_by_key(|outcome| (outcome.path, outcome.month));
    Ok(outcomes)
}

fn progress(paths: u64) -> ProgressBar {
    let bar = ProgressBar::new(paths);
    match ProgressStyle::with_template("futures {wide_bar} {human_pos}/{human_len} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn fan(results: &Database) -> Result<Fan> {
    let [a, b, c, d, e] = QUANTILES.map(|q| Outcome::WORTH.quantile(q));
    let months = select::<Outcome>().group_by(Outcome::MONTH).aggregate((a, b, c, d, e)).all(results)?;
    let of_nothing = || Error::other("a month without outcomes");
    let month = |(month, (a, b, c, d, e))| match [a, b, c, d, e] {
        [Some(a), Some(b), Some(c), Some(d), Some(e)] => Ok((month, [a, b, c, d, e])),
        _ => Err(of_nothing()),
    };
    months.into_iter().map(month).collect()
}

fn report(origin: &Database, results: &Database, fan: &Fan) -> Result<()> {
    let today = origin.snapshot().get_one::<Mark>(MONTHS)?.worth;
    println!("worth {today:.0} after {MONTHS} months; then, in {PATHS} futures:\n");
    println!("month       5%     25%  median     75%     95%");
    for (month, quantiles) in fan.iter().filter(|(month, _)| month.is_multiple_of(6)) {
        let cells: Vec<String> = quantiles.iter().map(|worth| format!("{worth:7.0}")).collect();
        println!("{month:5}  {}", cells.join(" "));
    }
    let end = select::<Outcome>().filter(Outcome::MONTH.eq(2 * MONTHS));
    let losses = end.clone().filter(Outcome::WORTH.lt(today)).count(results)?;
    println!("\n{:.1} % of them end with a loss", losses as f64 * 100.0 / PATHS as f64);

    assert_eq!(end.count(results)?, PATHS as usize);
    assert_eq!(fan.len(), MONTHS as usize);
    assert!(fan.iter().all(|(_, quantiles)| quantiles.is_sorted()));
    let widths: Vec<f64> = fan.iter().map(|(_, quantiles)| quantiles[4] - quantiles[0]).collect();
    assert!(widths.is_sorted(), "the longer, the less is known");
    // 0.625 % a month on average make 16 % in two years; the median is below the mean
    let median = fan[fan.len() - 1].1[2] / today;
    assert!((1.10..1.17).contains(&median), "the median grows by {median}");
    Ok(())
}

/// Draws the past as a line, and the futures as a fan: half of them are in the dark part, nine of ten in the light.
fn draw(past: &[Arc<Mark>], fan: &Fan, path: &Path) -> Result<()> {
    draw_fan(past, fan, path).map_err(Error::other)?;
    eprintln!("picture: {}", path.display());
    Ok(())
}

fn draw_fan(past: &[Arc<Mark>], fan: &Fan, path: &Path) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
    const BLUE: RGBColor = RGBColor(20, 95, 175);
    let root = SVGBackend::new(path, (1000, 560)).into_drawing_area();
    root.fill(&WHITE)?;
    let thousands = |worth: f64| worth / 1_000.0;
    let highest = fan.iter().map(|(_, quantiles)| thousands(quantiles[4])).fold(0.0, f64::max);
    let lowest = fan.iter().map(|(_, quantiles)| thousands(quantiles[0])).fold(thousands(WORTH), f64::min);
    let mut chart = ChartBuilder::on(&root)
        .caption("one portfolio, ten thousand futures", ("sans-serif", 26))
        .margin(12)
        .set_label_area_size(LabelAreaPosition::Left, 64)
        .set_label_area_size(LabelAreaPosition::Bottom, 40)
        .build_cartesian_2d(0..2 * MONTHS, lowest * 0.95..highest * 1.05)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.12))
        .x_desc("month")
        .y_desc("worth, in thousands")
        .label_style(("sans-serif", 15))
        .draw()?;
    let now = past.last().map(|mark| (mark.month, thousands(mark.worth)));
    let curve =
        |index: usize| now.into_iter().chain(fan.iter().map(move |(month, q)| (*month, thousands(q[index]))));
    for (low, high, strength) in [(0, 4, 0.18), (1, 3, 0.35)] {
        let outline = curve(low).chain(curve(high).collect::<Vec<_>>().into_iter().rev()).collect::<Vec<_>>();
        chart.draw_series([Polygon::new(outline, BLUE.mix(strength))])?;
    }
    chart.draw_series(LineSeries::new(curve(2), BLUE.stroke_width(2)))?;
    let lived = past.iter().map(|mark| (mark.month, thousands(mark.worth)));
    chart.draw_series(LineSeries::new(lived, BLACK.stroke_width(2)))?;
    root.present()
}

/// `target/monte_carlo`, wherever the program is started.
fn output_folder() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/monte_carlo");
    std::fs::create_dir_all(&folder).map_err(Error::other)?;
    folder.canonicalize().map_err(Error::other)
}

/// Random numbers: SplitMix64, by Steele, Lea and Flood.
struct Random(u64);

impl Random {
    /// Seeds of neighbouring paths are far apart.
    fn new(seed: u64) -> Self {
        Self(Self(seed).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Nearly normal: twelve even numbers, added up. Nothing but additions, so it is the same on every machine.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| (self.next() >> 11) as f64 / (1u64 << 53) as f64).sum::<f64>() - 6.0
    }
}
