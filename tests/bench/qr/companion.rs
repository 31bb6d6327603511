//! `qr.mjs` as a child process: a question is one line of JSON, and so is the answer.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::server::tests;

/// Runs as long as this lives.
pub(crate) struct Companion {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Companion {
    pub(crate) fn start() -> Result<Self, String> {
        let mut command = Command::new("node");
        command.arg(tests().join("bench/qr.mjs"));
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|problem| format!("node does not run: {problem}"))?;
        let (questions, answers) = (child.stdin.take(), child.stdout.take());
        Ok(Self {
            questions: questions.ok_or("no standard input")?,
            answers: BufReader::new(answers.ok_or("no standard output")?),
            child,
        })
    }

    pub(crate) fn ask(&mut self, question: &Value) -> Result<Value, String> {
        let failed = |problem: &dyn std::fmt::Display| format!("qr.mjs does not answer: {problem}");
        writeln!(self.questions, "{question}").map_err(|problem| failed(&problem))?;
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|problem| failed(&problem))?;
        serde_json::from_str(&line).map_err(|problem| failed(&problem))
    }
}

/// Ends it, by its id.
impl Drop for Companion {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
