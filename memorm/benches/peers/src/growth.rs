//! How each operation grows with the table: a verdict, and a curve.
use crate::measure::Measured;
use crate::op::Op;
use std::fmt::Write;

/// By how much an operation may grow beyond the logarithm of the rows: a table of a thousand rows lies in the first
/// cache, one of ten million in memory, whose pages are not in the translation buffers either. `peek`, which does little
/// else than wait for memory, came to 16. Something that grew as the square root of the rows would be at 43 times after
/// the four decades, and a linear one at 4,286 times.
pub const TOLERANCE: f64 = 20.0;

/// What one op costs memorm at each size.
pub struct Curve {
    pub op: Op,
    /// Rows, and nanoseconds an operation or row.
    pub points: Vec<(usize, f64)>,
}

/// The curves of what was measured, in the order of the ops.
pub fn curves(measured: &[Measured]) -> Vec<Curve> {
    let of = |op: Op| {
        let points = measured.iter().filter(|m| m.op == op).filter_map(|m| Some((m.rows, m.of("memorm")?)));
        Curve { op, points: points.collect() }
    };
    Op::ALL.into_iter().map(of).filter(|curve| curve.points.len() > 1).collect()
}

impl Curve {
    /// The greatest growth between two of the sizes, over that of the logarithm of the rows.
    pub fn excess(&self) -> f64 {
        let pairs = self.points.iter().enumerate().flat_map(|(i, small)| {
            self.points[i + 1..].iter().map(move |large| (large.1 / small.1) / (ln(large.0) / ln(small.0)))
        });
        pairs.fold(0.0, f64::max)
    }

    pub fn is_fine(&self) -> bool {
        self.excess() <= TOLERANCE
    }
}

fn ln(rows: usize) -> f64 {
    (rows as f64).ln()
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 560.0;
/// The frame of the curves: left, top, right, bottom.
const FRAME: [f64; 4] = [56.0, 16.0, 590.0, 520.0];
const COLOURS: [&str; 8] =
    ["#1b6ca8", "#c8553d", "#3d8b5f", "#8659a8", "#b8860b", "#2a9d9d", "#a83d6f", "#6b6b6b"];

/// Draws the curves, both axes logarithmic. No blank line: the guide includes it as HTML in Markdown.
pub fn svg(curves: &[Curve]) -> String {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let log = |value: f64| value.max(0.1).log10();
    let end = |rows: fn(f64, f64) -> f64, of: &dyn Fn(&(usize, f64)) -> f64, from| {
        points().map(of).fold(from, rows)
    };
    let x = |point: &(usize, f64)| log(point.0 as f64);
    let y = |point: &(usize, f64)| log(point.1);
    let [left, right] = [end(f64::min, &x, f64::MAX), end(f64::max, &x, f64::MIN)];
    let [low, high] = [end(f64::min, &y, f64::MAX).floor(), end(f64::max, &y, f64::MIN).ceil()];
    let at_x = |log: f64| FRAME[0] + (log - left) / (right - left) * (FRAME[2] - FRAME[0]);
    let at_y = |log: f64| FRAME[3] - (log - low) / (high - low) * (FRAME[3] - FRAME[1]);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"100%\" font-family=\"sans-serif\" font-size=\"11\" \
         fill=\"currentColor\" role=\"img\" aria-label=\"nanoseconds by rows\">\n"
    );
    for decade in low as i32..=high as i32 {
        let y = at_y(f64::from(decade));
        rule(&mut svg, [FRAME[0], y, FRAME[2], y]);
        text(&mut svg, FRAME[0] - 6.0, y + 4.0, "end", &nanoseconds(decade));
    }
    for decade in left.ceil() as i32..=right.floor() as i32 {
        let x = at_x(f64::from(decade));
        rule(&mut svg, [x, FRAME[1], x, FRAME[3]]);
        text(&mut svg, x, FRAME[3] + 18.0, "middle", &rows(decade));
    }
    text(&mut svg, (FRAME[0] + FRAME[2]) / 2.0, HEIGHT - 6.0, "middle", "rows");
    for (i, (curve, label)) in curves.iter().zip(labels(curves, at_y)).enumerate() {
        let colour = COLOURS[i % COLOURS.len()];
        let line: Vec<String> =
            curve.points.iter().map(|point| format!("{:.0},{:.0}", at_x(x(point)), at_y(y(point)))).collect();
        let _ = writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\"/>", line.join(" "));
        let end = at_y(curve.points.last().map_or(low, y));
        let _ = writeln!(
            svg,
            "<path d=\"M{:.0} {end:.0}L{:.0} {label:.0}\" stroke=\"{colour}\" stroke-opacity=\"0.4\"/>",
            FRAME[2],
            FRAME[2] + 20.0
        );
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"{:.0}\" fill=\"{colour}\">{}</text>",
            FRAME[2] + 24.0,
            label + 4.0,
            curve.op.name()
        );
    }
    svg + "</svg>\n"
}

fn rule(svg: &mut String, [x1, y1, x2, y2]: [f64; 4]) {
    let _ = writeln!(
        svg,
        "<path d=\"M{x1:.0} {y1:.0}L{x2:.0} {y2:.0}\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>"
    );
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    let _ = writeln!(svg, "<text x=\"{x:.0}\" y=\"{y:.0}\" text-anchor=\"{anchor}\">{text}</text>");
}

/// The heights of the names at the right: near the ends of their curves, and apart from each other.
fn labels(curves: &[Curve], at_y: impl Fn(f64) -> f64) -> Vec<f64> {
    const APART: f64 = 13.0;
    let ends: Vec<f64> =
        curves.iter().map(|c| at_y(c.points.last().map_or(1.0, |(_, ns)| *ns).max(0.1).log10())).collect();
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by(|a, b| ends[*a].total_cmp(&ends[*b]));
    let mut heights = ends.clone();
    let mut lowest = f64::MIN;
    for at in &order {
        heights[*at] = ends[*at].max(lowest + APART);
        lowest = heights[*at];
    }
    // what was pushed below the frame moves up again
    let mut highest = HEIGHT - APART;
    for at in order.iter().rev() {
        heights[*at] = heights[*at].min(highest);
        highest = heights[*at] - APART;
    }
    heights
}

fn nanoseconds(decade: i32) -> String {
    match decade {
        ..3 => format!("{} ns", 10_f64.powi(decade)),
        3..6 => format!("{} µs", 10_f64.powi(decade - 3)),
        _ => format!("{} ms", 10_f64.powi(decade - 6)),
    }
}

fn rows(decade: i32) -> String {
    match decade {
        ..3 => format!("{}", 10_f64.powi(decade)),
        3..6 => format!("{}k", 10_f64.powi(decade - 3)),
        _ => format!("{}M", 10_f64.powi(decade - 6)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(cost: impl Fn(f64) -> f64) -> Curve {
        let points = [1_000, 10_000, 100_000, 1_000_000, 10_000_000].map(|rows| (rows, cost(rows as f64)));
        Curve { op: Op::Get, points: points.to_vec() }
    }

    #[test]
    fn what_grows_as_a_root_of_the_rows_is_found() {
        assert!(curve(|_| 50.0).is_fine());
        assert!(curve(|rows| 3.0 * rows.ln()).is_fine());
        assert!(!curve(|rows| 3.0 * rows.sqrt()).is_fine());
        assert!(!curve(|rows| 1_000.0 + rows / 100.0).is_fine());
    }

    #[test]
    fn the_drawing_has_a_line_and_a_name_for_each_op_and_no_blank_line() {
        let drawing = svg(&[curve(|rows| rows.ln()), Curve { op: Op::Peek, ..curve(f64::sqrt) }]);
        assert_eq!(drawing.matches("<polyline").count(), 2);
        assert!(drawing.contains(">get<") && drawing.contains(">peek<") && !drawing.contains("\n\n"));
    }
}
