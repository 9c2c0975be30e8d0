//! Two pictures of the result, as SVG.
use crate::models::{Account, Bar};
use crate::report::{curve, falls};
use crate::what_if::Outcome;
use memorm::prelude::*;
use memorm::{Error, Result};
use plotters::coord::Shift;
use plotters::prelude::*;
use std::ops::Range;
use std::path::Path;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

const COLORS: [RGBColor; 3] = [RGBColor(105, 105, 105), RGBColor(20, 95, 175), RGBColor(215, 90, 0)];
const FONT: &str = "sans-serif";
const SIZE: (u32, u32) = (1000, 760);
const TITLE: i32 = 26;

/// Draws what the accounts were worth, and how deep they fell.
///
/// # Errors
/// What the file system says.
pub fn equity(db: &Database, path: &Path) -> Result<()> {
    let lines = lines(db)?;
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    draw_equity(&root, &lines).map_err(Error::other)
}

/// Draws how the accounts fared in all futures.
///
/// # Errors
/// What the file system says.
pub fn futures(db: &Database, path: &Path) -> Result<()> {
    let histograms = histograms(db)?;
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    draw_futures(&root, &histograms).map_err(Error::other)
}

/// What one account was worth.
struct Line {
    name: String,
    color: RGBColor,
    days: Vec<Point>,
}

#[derive(Clone, Copy)]
struct Point {
    year: f64,
    /// In thousand dollars.
    worth: f64,
    /// From the highest worth before, in percent.
    fall: f64,
}

fn lines(db: &Database) -> Result<Vec<Line>> {
    let dates = select::<Bar>().order_by(Bar::DAY).select(Bar::DATE).all(db)?;
    let line = |(account, color): (&Arc<Account>, RGBColor)| -> Result<Line> {
        let curve = curve(db, account.id)?;
        // an account has a worth from the day on which it begins to trade
        let dates = &dates[dates.len() - curve.len()..];
        let days = dates.iter().zip(curve.iter().zip(falls(&curve))).map(|(date, (worth, fall))| Point {
            year: date.in_years(),
            worth: *worth as f64 / 100_000.0,
            fall: fall * 100.0,
        });
        Ok(Line { name: account.name.clone(), color, days: days.collect() })
    };
    select::<Account>().all(db)?.iter().zip(COLORS).map(line).collect()
}

/// What is drawn of the days.
struct Panel {
    title: &'static str,
    value: fn(&Point) -> f64,
    values: Range<f64>,
    has_legend: bool,
}

fn draw_equity(root: &Area<'_>, lines: &[Line]) -> Drawn {
    root.fill(&WHITE)?;
    let root =
        root.margin(8, 0, 0, 0).titled("S&P 500, 2000 to 2020: three ways to trade it", (FONT, TITLE))?;
    let (upper, lower) = root.split_vertically(460);
    let highest = lines.iter().flat_map(|line| &line.days).fold(0.0, |high, day| day.worth.max(high));
    let (title, values) = ("worth, in thousand dollars", 0.0..highest * 1.05);
    draw_panel(&upper, lines, &Panel { title, value: |day| day.worth, values, has_legend: true })?;
    let (title, values) = ("below the highest, in percent", -60.0..0.0);
    draw_panel(&lower, lines, &Panel { title, value: |day| day.fall, values, has_legend: false })?;
    root.present()
}

fn draw_panel(area: &Area<'_>, lines: &[Line], panel: &Panel) -> Drawn {
    let years = || lines.iter().flat_map(|line| &line.days).map(|day| day.year);
    let (first, last) = (years().fold(f64::MAX, f64::min), years().fold(0.0, f64::max));
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .set_label_area_size(LabelAreaPosition::Left, 64)
        .set_label_area_size(LabelAreaPosition::Bottom, 28)
        .build_cartesian_2d(first..last, panel.values.clone())?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.12))
        .x_labels(11)
        .y_labels(7)
        .x_label_formatter(&|year| format!("{year:.0}"))
        .y_label_formatter(&|value| format!("{value:.0}"))
        .y_desc(panel.title)
        .label_style((FONT, 15))
        .axis_desc_style((FONT, 16))
        .draw()?;
    for Line { name, color, days } in lines {
        let points = days.iter().map(|day| (day.year, (panel.value)(day)));
        let style = color.stroke_width(3);
        chart
            .draw_series(LineSeries::new(points, color.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 22, y)], style));
    }
    if panel.has_legend {
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .margin(14)
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.2))
            .label_font((FONT, 16))
            .draw()?;
    }
    Ok(())
}

/// How one account fared in all futures.
struct Histogram {
    name: String,
    color: RGBColor,
    bars: Vec<usize>,
    /// The 5th, 50th and 95th percentile, in percent.
    marks: [f64; 3],
}

/// So many bars, each so wide, in percent; what lies beyond them belongs to the outermost.
const BARS: usize = 30;
const WIDTH: f64 = 4.0;

/// Where a bar begins: zero lies between the two in the middle.
fn left(bar: usize) -> f64 {
    (bar as f64 - BARS as f64 / 2.0) * WIDTH
}

fn histograms(db: &Database) -> Result<Vec<Histogram>> {
    let histogram = |(account, color): (&Arc<Account>, RGBColor)| -> Result<Histogram> {
        let outcomes = select::<Outcome>().filter(Outcome::ACCOUNT_ID.eq(account.id));
        let change = || (Outcome::GROWTH - 1.0) * 100.0;
        let mut bars = vec![0; BARS];
        for change in outcomes.clone().select(change()).all(db)? {
            let bar = ((change - left(0)) / WIDTH).clamp(0.0, BARS as f64 - 1.0);
            bars[bar as usize] += 1;
        }
        let quantiles = (change().quantile(0.05), change().median(), change().quantile(0.95));
        let (low, median, high) = outcomes.aggregate(quantiles, db)?;
        let marks = [low, median, high].map(Option::unwrap_or_default);
        Ok(Histogram { name: account.name.clone(), color, bars, marks })
    };
    select::<Account>().all(db)?.iter().zip(COLORS).map(histogram).collect()
}

fn draw_futures(root: &Area<'_>, histograms: &[Histogram]) -> Drawn {
    root.fill(&WHITE)?;
    let title = "The year after 2009, a thousand times: change of an account's worth";
    let root = root.margin(8, 0, 0, 0).titled(title, (FONT, TITLE))?;
    let highest = histograms.iter().flat_map(|histogram| &histogram.bars).max().copied().unwrap_or(0);
    let panels = root.split_evenly((histograms.len(), 1));
    for (panel, histogram) in panels.iter().zip(histograms) {
        draw_histogram(panel, histogram, highest)?;
    }
    root.present()
}

fn draw_histogram(area: &Area<'_>, histogram: &Histogram, highest: usize) -> Drawn {
    let Histogram { name, color, bars, marks: [low, median, high] } = histogram;
    let title = format!("{name}: median {median:+.1} %, nine of ten between {low:+.1} % and {high:+.1} %");
    let mut chart = ChartBuilder::on(area)
        .margin(10)
        .margin_right(36)
        .caption(title, (FONT, 18))
        .set_label_area_size(LabelAreaPosition::Left, 64)
        .set_label_area_size(LabelAreaPosition::Bottom, 28)
        .build_cartesian_2d(left(0)..left(BARS), 0.0..highest as f64 * 1.05)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.12))
        .x_labels(13)
        .y_labels(5)
        .x_label_formatter(&|change| if *change == 0.0 { "0".to_owned() } else { format!("{change:+.0} %") })
        .y_label_formatter(&|futures| format!("{futures:.0}"))
        .y_desc("futures")
        .label_style((FONT, 15))
        .axis_desc_style((FONT, 16))
        .draw()?;
    chart.draw_series(bars.iter().enumerate().map(|(bar, futures)| {
        let corners = [(left(bar) + 0.2, 0.0), (left(bar + 1) - 0.2, *futures as f64)];
        Rectangle::new(corners, color.mix(0.7).filled())
    }))?;
    chart
        .draw_series([low, median, high].map(|at| {
            PathElement::new([(*at, 0.0), (*at, highest as f64)], BLACK.mix(0.7).stroke_width(2))
        }))?;
    Ok(())
}
