// What a script found, and how it says how far it is.
import { readFileSync, readdirSync } from 'node:fs'

export const say = (text) => console.error(`bench: ${text}`)

// The same numbers between 0 and 1 in every run.
let state = 8628
export const chance = () => (state = (state * 48271) % 2147483647) / 2147483647

export function collect() {
  const samples = {}
  const notes = []
  return {
    add: (id, of, value) => ((samples[id] ??= {})[of] ??= []).push(value),
    tell: (note) => notes.push(note),
    print: () => console.log(JSON.stringify({ samples, notes })),
  }
}

// Megabytes of a process, with pages that are shared divided by who shares them.
export const memoryOf = (id) => (Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))[1]) * 1024) / 1e6

// Milliseconds that the threads of a process have computed so far (Documentation/scheduler/sched-stats.rst).
export function computed(id) {
  const threads = readdirSync(`/proc/${id}/task`)
  return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${id}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0)
}
