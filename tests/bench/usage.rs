//! What a process or this thread uses, as Linux counts it.

use std::fs;
use std::time::Duration;

/// Memory of a process, in bytes.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    /// Pages in memory (`VmRSS`).
    pub(crate) resident: u64,
    /// The same, with pages that are shared divided by who shares them (`Pss`).
    pub(crate) proportional: u64,
}

impl Memory {
    pub(crate) fn of(process: u32) -> Result<Self, String> {
        Ok(Self {
            resident: kilobytes(&format!("/proc/{process}/status"), "VmRSS:")? * 1024,
            proportional: kilobytes(&format!("/proc/{process}/smaps_rollup"), "Pss:")? * 1024,
        })
    }
}

/// How long the calling thread has computed so far.
pub(crate) fn computed() -> Result<Duration, String> {
    // Documentation/scheduler/sched-stats.rst: nanoseconds on a processor, nanoseconds in the queue, time slices.
    let text = read("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split_ascii_whitespace().next().and_then(|text| text.parse().ok());
    nanoseconds
        .map(Duration::from_nanos)
        .ok_or_else(|| format!("/proc/thread-self/schedstat starts with no number: {text}"))
}

fn kilobytes(path: &str, name: &str) -> Result<u64, String> {
    let text = read(path)?;
    field(&text, name).ok_or_else(|| format!("{path} has no line {name}"))
}

fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

pub(crate) fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|problem| format!("cannot read {path}: {problem}; the benchmark needs Linux"))
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn memory_is_read_from_the_line_of_that_very_name() {
        // proc(5)
        let status = "VmHWM:\t    1808 kB\nVmRSS:\t    1712 kB\nRssAnon:\t     120 kB\n";
        assert_eq!(field(status, "VmRSS:"), Some(1712));
        assert_eq!(field(status, "Rss:"), None);
        assert_eq!(
            field(
                "55a9-7ffc ---p 0 00:00 0 [rollup]\nPss:    239 kB\nPss_Dirty: 1 kB\n",
                "Pss:"
            ),
            Some(239)
        );
    }
}
