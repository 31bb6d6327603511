// The journal as it grows, and what it says about each client.

import { at, call, count, date, keep, make, say } from '/console/page.js';

/** So many requests are shown, the newest. */
const SHOWN = 200;

/** What is shown, by number, oldest first. */
const entries = new Map();
let source;
let last = 0;
let paused = false;
let due = false;

const seconds = (millis) => `${(millis / 1000).toFixed(1)} s`;
const time = (millis) => date(millis / 1000).slice(11);

/** The error of an answer, as far as its body is JSON. */
function error(entry) {
  try {
    const body = JSON.parse(entry.answer_body);
    return body?.error ?? body?.errorCode ?? '';
  } catch {
    return '';
  }
}

/** How an answer ended that did not arrive: `no_answer`, or `closed_after 20`. */
function ending(entry) {
  if (typeof entry.ending === 'string') return entry.ending === 'whole' ? '' : entry.ending;
  return Object.entries(entry.ending).flat().join(' ');
}

function message(first, headers, body) {
  const lines = [first, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return make('pre', { tabIndex: 0 }, body ? `${lines.join('\n')}\n\n${body}` : lines.join('\n'));
}

function entryRow(entry) {
  const what = entry.endpoint ?? entry.target;
  const heard = [String(entry.status), error(entry), ending(entry)].filter(Boolean).join(' ');
  const facts = [
    `request ${entry.number} at ${time(entry.arrived_at)}`,
    `${entry.client_id ?? 'nobody'} at ${entry.issuer}`,
    entry.gap === null ? '' : `${seconds(entry.gap)} after the answer before`,
    ...entry.faults,
  ];
  const summary = make(
    'summary',
    {},
    make('span', { className: 'asked' }, `${entry.method} ${what}`),
    make('span', { className: entry.status < 400 ? 'chip' : 'chip warn' }, heard),
    make('span', { className: 'facts' }, facts.filter(Boolean).join(', ')),
  );
  const details = make('details', {}, summary);
  // Most are never opened.
  details.addEventListener(
    'toggle',
    () =>
      details.append(
        message(`${entry.method} ${entry.target}`, entry.headers, entry.body),
        message(`${entry.status} after ${seconds(entry.answered_at - entry.arrived_at)}`, entry.answer_headers, entry.answer_body),
      ),
    { once: true },
  );
  return make('li', { id: `entry-${entry.number}` }, details);
}

function showEntries() {
  due = false;
  const shown = [...entries.values()].reverse();
  keep(at('entries'), shown, (entry) => `${entry.number} ${entry.arrived_at}`, entryRow);
  at('no-entries').hidden = shown.length > 0;
  filterEntries();
}

function filterEntries() {
  const wanted = at('journal-search').value.trim().toLowerCase();
  for (const row of at('entries').children) {
    row.hidden = !row.querySelector('summary').textContent.toLowerCase().includes(wanted);
  }
}

/** Shows what is there soon: many requests may come at once. */
function showSoon() {
  if (due || paused) return;
  due = true;
  requestAnimationFrame(showEntries);
}

function take(news) {
  for (const entry of news) {
    if (entry.number <= last) continue;
    entries.set(entry.number, entry);
    last = entry.number;
  }
  forgetBefore(last - SHOWN + 1);
  if (paused) return;
  showSoon();
}

function forgetBefore(number) {
  for (const each of entries.keys()) {
    if (each < number) entries.delete(each);
  }
}

/** Follows the stream. What came before it opened, at first or after a break, is read from the journal. */
function follow() {
  source?.close();
  const stream = new EventSource('/journal/stream');
  const early = [];
  let caughtUp = false;
  stream.onmessage = ({ data }) => (caughtUp ? take : (news) => early.push(...news))([JSON.parse(data)]);
  stream.onerror = () => {
    caughtUp = false;
    showState();
  };
  stream.onopen = async () => {
    showState();
    const page = await call('GET', `/journal?limit=${SHOWN}`).catch(() => undefined);
    if (stream !== source || !page) return;
    if (page.next <= last) {
      // Another mock answers, whose numbers begin anew.
      entries.clear();
      last = 0;
      follow();
      return;
    }
    take(page.entries);
    take(early.splice(0));
    caughtUp = true;
  };
  source = stream;
}

function showState() {
  const live = source.readyState === EventSource.OPEN;
  say(at('stream'), paused ? 'paused' : live ? 'live' : 'connecting');
}

/** Forgets what the mock has forgotten, and follows again where a stream was refused. */
export async function tendJournal() {
  if (!source || source.readyState === EventSource.CLOSED) follow();
  const page = await call('GET', '/journal?since=1&limit=1');
  const before = entries.size;
  forgetBefore(page.entries[0]?.number ?? page.next);
  if (entries.size < before) showSoon();
  say(at('dropped'), page.dropped ? `${count(page.dropped, 'older request')} made room.` : '');
  showState();
}

function findingRow(finding) {
  const link = make('a', { href: `/journal?since=${finding.entry}&limit=1`, target: '_blank' }, `request ${finding.entry}`);
  link.addEventListener('click', (event) => {
    const row = at(`entry-${finding.entry}`);
    if (!row || row.hidden) return;
    event.preventDefault();
    const details = row.querySelector('details');
    details.open = true;
    row.scrollIntoView({ block: 'center' });
    details.querySelector('summary').focus({ preventScroll: true });
  });
  return make(
    'li',
    {},
    make('p', {}, make('strong', {}, finding.rule), ` ${finding.text}`),
    make('p', { className: 'facts' }, `${finding.level}, ${finding.source}; `, link),
  );
}

function verdictRow(verdict) {
  const grade = make('span');
  const facts = make('p', { className: 'facts' });
  const findings = make('ul', { className: 'findings', tabIndex: 0 });
  findings.setAttribute('aria-label', `What ${verdict.client_id} did wrong`);
  const name = make('strong', {}, verdict.client_id || 'Requests that name no client');
  const row = make('li', {}, make('div', { className: 'text' }, make('p', {}, name), facts, findings), grade);
  row.fill = (verdict) => {
    grade.className = `chip ${verdict.grade}`;
    say(grade, verdict.grade);
    const counts = [count(verdict.starts, 'start'), count(verdict.polls, 'poll'), count(verdict.refreshes, 'refresh', 'refreshes')];
    say(facts, counts.join(', '));
    const numbered = verdict.findings.map((finding, index) => ({ ...finding, key: `${index} ${finding.entry} ${finding.rule}` }));
    keep(findings, numbered, (finding) => finding.key, findingRow);
    findings.hidden = numbered.length === 0;
  };
  return row;
}

export function showVerdicts(verdicts) {
  keep(at('verdicts'), verdicts, (verdict) => verdict.client_id, verdictRow);
  at('no-verdicts').hidden = verdicts.length > 0;
}

/** Makes the buttons work; `act` does what a person asked for. */
export function beginJournal(act) {
  at('journal-search').addEventListener('input', filterEntries);
  at('pause').addEventListener('click', ({ target }) => {
    paused = !paused;
    say(target, paused ? 'Go on' : 'Pause');
    showState();
    showSoon();
  });
  at('forget').addEventListener('click', ({ target }) => act(target, 'DELETE', '/journal'));
}
