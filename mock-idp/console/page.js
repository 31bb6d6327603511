// What the parts of the console share: elements, words and calls.
// What the server says enters the page as text, never as HTML.

export const at = (id) => document.getElementById(id);

/** A new element with these properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Sets a text only where it changes, so that a selection survives. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export async function call(method, path, body) {
  const options = { method, cache: 'no-store' };
  if (body !== undefined) options.body = JSON.stringify(body);
  const answer = await fetch(path, options);
  const text = await answer.text();
  const value = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(value?.error ?? `${method} ${path}: status ${answer.status}`);
  return value;
}

export const span = (seconds) => {
  const [size, sign] = [Math.abs(seconds), seconds < 0 ? '−' : ''];
  const two = (number) => String(Math.floor(number)).padStart(2, '0');
  const rest = `${two((size / 60) % 60)}:${two(size % 60)}`;
  return sign + (size >= 3600 ? `${Math.floor(size / 3600)}:${rest}` : rest);
};

export const date = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

/** Keeps one child per key: new ones are made, known ones filled again, others leave. */
export function keep(list, items, key, create) {
  const known = new Map([...list.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const name = key(item);
    let child = known.get(name);
    known.delete(name);
    if (!child) {
      child = create(item);
      child.dataset.key = name;
    }
    if (list.children[index] !== child) list.insertBefore(child, list.children[index] ?? null);
    child.fill?.(item);
  });
  for (const child of known.values()) child.remove();
}

/** A number of things, such as `1 poll` and `2 polls`. */
export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
