//! Many tests at once: Benjamini and Hochberg 1995.

/// For each p-value the least share of false discoveries at which its hypothesis would be refused: q ≤ 0.05 is a discovery
/// among discoveries of which at most 5 % are expected to be wrong. Between p and 1, in the order of the input.
pub fn q_values(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|one, other| p_values[*one].total_cmp(&p_values[*other]));
    let m = p_values.len() as f64;
    let mut q_values = vec![1.0; p_values.len()];
    let mut least = 1.0_f64;
    for (rank, index) in order.into_iter().enumerate().rev() {
        least = least.min(p_values[index] * m / (rank + 1) as f64);
        // Rounding must not make it less than the p-value itself.
        q_values[index] = least.max(p_values[index]);
    }
    q_values
}

/// Which of the hypotheses with these p-values are refused when a share `q` of the refusals may be wrong.
pub fn discoveries(p_values: &[f64], q: f64) -> Vec<bool> {
    let mut sorted = p_values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let m = sorted.len() as f64;
    let passes = |(rank, p): &(usize, &f64)| **p <= q * (*rank + 1) as f64 / m;
    let limit = sorted.iter().enumerate().rfind(passes).map(|(_, p)| *p);
    p_values.iter().map(|p| limit.is_some_and(|limit| *p <= limit)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// The example of their paper: 15 tests.
    const PAPER: [f64; 15] = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.0,
    ];

    #[test]
    fn discoveries_follow_benjamini_and_hochberg() {
        assert_eq!(discoveries(&PAPER, 0.05).iter().filter(|refused| **refused).count(), 4);
        assert_eq!(discoveries(&[0.05], 0.05), [true]);
        assert!(discoveries(&[], 0.05).is_empty());
    }

    #[test]
    fn q_values_are_those_of_the_paper() {
        let q = q_values(&PAPER);
        let near = |one: f64, other: f64| (one - other).abs() < 1e-9;
        assert!(near(q[0], 0.0015) && near(q[1], 0.003) && near(q[3], 0.0095 * 15.0 / 4.0), "{q:?}");
        assert!(near(q[14], 1.0));
        assert!(q_values(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn q_values_name_the_discoveries_of_every_level(
            p in vec(prop_oneof![0.0..0.1_f64, 0.0..=1.0_f64], 0..40),
            level in 0.001..0.3_f64,
        ) {
            let q = q_values(&p);
            // Except where rounding decides.
            prop_assume!(q.iter().all(|q| (q - level).abs() > 1e-12));
            let by_q: Vec<bool> = q.iter().map(|q| *q <= level).collect();
            prop_assert_eq!(by_q, discoveries(&p, level));
            prop_assert!(p.iter().zip(&q).all(|(p, q)| p <= q && *q <= 1.0));
        }
    }
}
