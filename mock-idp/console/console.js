// The console: everything it does is a call that anybody can make, see /openapi.json.

import { beginJournal, showVerdicts, tendJournal } from '/console/journal.js';
import { at, call, count, date, keep, make, say, span } from '/console/page.js';

const LOOK_EVERY = 1000;
const EARLIER = 50;

let complaint;

function report(problem) {
  const lost = problem instanceof TypeError;
  complaint = lost ? undefined : problem.message;
  say(at('status'), lost ? 'The mock does not answer.' : problem.message);
  at('status').className = 'bad';
}

/** Does what a person asked for, shows what is wrong with it, and looks again. */
async function act(button, method, path, body, check) {
  button.disabled = true;
  try {
    await call(method, path, body);
    complaint = undefined;
    await look();
    check?.();
  } catch (problem) {
    report(problem);
  } finally {
    button.disabled = false;
  }
}

let issuers = {};
let now = 0;

const issuerName = (url) => Object.keys(issuers).find((name) => issuers[name] === url) ?? url;
const grantPath = (grant, action) => `/grants/${encodeURIComponent(grant.user_code)}/${action}`;

function grantCard(grant) {
  const left = make('span', { className: 'left' });
  const facts = make('p', { className: 'facts' });
  const button = (text, className, action, body, check) => {
    const it = make('button', { type: 'button', className }, text);
    it.setAttribute('aria-label', `${text} ${grant.user_code}`);
    it.addEventListener('click', () => act(it, 'POST', grantPath(grant, action), body?.(), check));
    return it;
  };
  const asUser = () => (at('user').value ? { user: at('user').value } : {});
  const stillPending = () => {
    if (card.isConnected) throw new Error(`${grant.user_code} stays pending: this product has no way to say no.`);
  };
  const card = make(
    'li',
    {},
    make('div', { className: 'top' }, make('span', { className: 'code' }, grant.user_code), left),
    facts,
    make(
      'div',
      { className: 'buttons' },
      button('Approve', 'main', 'approve', asUser),
      button('Deny', '', 'deny', undefined, stillPending),
      button('Expire', 'danger', 'expire'),
    ),
  );
  card.fill = (grant) => {
    say(left, `${span(Math.max(0, grant.expires_at - now))} left`);
    const seen = grant.seen_at === null ? '' : ', seen on the page';
    say(facts, `${grant.client_id} at ${issuerName(grant.issuer)}: ${count(grant.polls, 'poll')}, every ${grant.interval} s${seen}`);
  };
  return card;
}

function earlierRow(grant) {
  const state = make('span', { className: 'chip' });
  const facts = make('p', { className: 'facts' });
  const text = make('div', { className: 'text' }, make('p', {}, make('code', {}, grant.user_code)), facts);
  const row = make('li', {}, text, state);
  row.fill = (grant) => {
    const by = grant.approved_by === null ? '' : `, approved by ${grant.approved_by}`;
    say(facts, `${grant.client_id} at ${issuerName(grant.issuer)}${by}, ${count(grant.polls, 'poll')}`);
    say(state, grant.state);
  };
  return row;
}

function showGrants(grants) {
  const isPending = (grant) => grant.state === 'pending';
  const pending = grants.filter(isPending).reverse();
  const earlier = grants.filter((grant) => !isPending(grant)).reverse();
  keep(at('pending'), pending, (grant) => grant.user_code, grantCard);
  keep(at('earlier'), earlier.slice(0, EARLIER), (grant) => grant.user_code, earlierRow);
  say(at('earlier-count'), String(earlier.length));
  at('no-grants').hidden = pending.length > 0;
}

function showClock(clock) {
  now = clock.now;
  say(at('now'), date(clock.now));
  say(at('pace'), clock.frozen ? 'frozen' : 'running');
  say(at('freeze'), clock.frozen ? 'Run' : 'Freeze');
  const notes = [
    clock.advanced_by ? `advanced by ${span(clock.advanced_by)}` : '',
    clock.skew ? `tokens and Date say ${span(Math.abs(clock.skew))} ${clock.skew > 0 ? 'more' : 'less'}` : '',
  ];
  say(at('clock-note'), notes.filter(Boolean).join('; '));
}

function activeRow(fault) {
  const facts = make('p', { className: 'facts' });
  const off = make('button', { type: 'button' }, 'Off');
  off.setAttribute('aria-label', `Switch ${fault.id} off`);
  off.addEventListener('click', () => act(off, 'DELETE', `/scenarios/${encodeURIComponent(fault.id)}`));
  const name = fault.variant ? `${fault.id} (${fault.variant})` : fault.id;
  const row = make('li', {}, make('div', { className: 'text' }, make('p', {}, name), facts), off);
  row.fill = (fault) => {
    const who = [fault.client && `client ${fault.client}`, fault.issuer && `at ${fault.issuer}`].filter(Boolean);
    const left = fault.count ? `${fault.count - fault.applied} of ${fault.count} left` : 'until switched off';
    say(facts, [who.join(' ') || 'everybody', left, `met ${count(fault.applied, 'time')}`].join(', '));
  };
  return row;
}

function showActive(active) {
  // The same scenario can be on more than once: the place in the list tells them apart.
  const numbered = active.map((fault, index) => ({ ...fault, key: `${index} ${fault.id} ${fault.variant ?? ''}` }));
  keep(at('active'), numbered, (fault) => fault.key, activeRow);
  at('no-faults').hidden = active.length > 0;
  at('clear').hidden = active.length === 0;
}

function scenarioRow(scenario) {
  const forms = scenario.variants.filter((variant) => variant.name);
  const choice = make('select', {}, ...forms.map(({ name }) => make('option', { value: name }, name)));
  choice.setAttribute('aria-label', `Form of ${scenario.id}`);
  const on = make('button', { type: 'button' }, 'On');
  on.setAttribute('aria-label', `Switch ${scenario.id} on`);
  on.addEventListener('click', () => {
    const body = {};
    if (forms.length) body.variant = choice.value;
    if (at('client').value) body.client = at('client').value;
    if (at('count').value) body.count = Number(at('count').value);
    act(on, 'POST', `/scenarios/${encodeURIComponent(scenario.id)}`, body);
  });
  const text = make(
    'div',
    { className: 'text' },
    make('p', {}, make('strong', {}, scenario.id), ` ${scenario.summary}`),
    make('p', { className: 'facts' }, `A correct client: ${scenario.expect}`),
  );
  if (forms.length) text.append(choice);
  return make('li', {}, text, on);
}

function filterScenarios() {
  const wanted = at('search').value.trim().toLowerCase();
  for (const row of at('scenarios').children) row.hidden = !row.textContent.toLowerCase().includes(wanted);
}

/** Reads everything that changes, and shows it. */
async function look() {
  const [clock, grants, faults, verdicts] = await Promise.all([
    call('GET', '/clock'),
    call('GET', '/grants'),
    call('GET', '/scenarios'),
    call('GET', '/verdicts'),
    tendJournal(),
  ]);
  showClock(clock);
  showGrants(grants);
  showActive(faults.active);
  showVerdicts(verdicts);
  if (!at('scenarios').children.length) {
    keep(at('scenarios'), faults.scenarios, (scenario) => scenario.id, scenarioRow);
    filterScenarios();
  }
  if (complaint === undefined) {
    say(at('status'), '');
    at('status').className = '';
  }
}

async function begin() {
  const [index, users, clients] = await Promise.all([call('GET', '/'), call('GET', '/users'), call('GET', '/clients')]);
  issuers = index.issuers;
  at('user').replaceChildren(
    ...users.map(({ username, name }) => make('option', { value: username }, `${username} (${name})`)),
  );
  at('clients').replaceChildren(...clients.map(({ id, name }) => make('option', { value: id }, name)));
  await look();
}

let begun = false;

async function tick() {
  if (!document.hidden) {
    try {
      await (begun ? look() : begin());
      begun = true;
    } catch (problem) {
      begun = false;
      report(problem);
    }
  }
  setTimeout(tick, LOOK_EVERY);
}

for (const button of document.querySelectorAll('[data-seconds]')) {
  const body = { seconds: Number(button.dataset.seconds) };
  button.addEventListener('click', () => act(button, 'POST', '/clock/advance', body));
}
at('freeze').addEventListener('click', ({ target }) =>
  act(target, 'PUT', '/clock', { frozen: target.textContent === 'Freeze' }),
);
at('set').addEventListener('submit', (event) => {
  event.preventDefault();
  const moment = Date.parse(`${event.target.elements.moment.value}Z`) / 1000;
  act(event.submitter, 'PUT', '/clock', { now: Math.floor(moment) });
});
at('skew').addEventListener('submit', (event) => {
  event.preventDefault();
  act(event.submitter, 'PUT', '/clock', { skew: Number(event.target.elements.seconds.value) });
});
at('clear').addEventListener('click', ({ target }) => act(target, 'DELETE', '/scenarios'));
at('search').addEventListener('input', filterScenarios);
at('reset').addEventListener('click', ({ target }) => {
  const question = 'Forget all grants, tokens, sessions and the journal, and put everything back to what it was at the start?';
  if (confirm(question)) act(target, 'POST', '/reset');
});
beginJournal(act);

tick();
