import {BugError} from '../errors.js'
import type {Graph} from '../ir/graph.js'
import {verify} from '../ir/verify.js'
import type {Pass, PassReport} from './pass.js'

/** Runs passes one after another and joins their reports. With MOPT_CHECK=1 every invariant is checked after each. */
export function sequence(...passes: readonly Pass[]): Pass {
  return {
    name: passes.map((pass) => pass.name).join(', '),
    async run(graph) {
      const report: PassReport = {changed: [], skipped: []}
      for (const pass of passes) {
        const {changed, skipped} = await pass.run(graph)
        report.changed.push(...changed)
        report.skipped.push(...skipped)
        if (process.env.MOPT_CHECK === '1') check(pass, graph)
      }
      return report
    },
  }
}

/** Repeats a pass until it changes nothing, at most `limit` times: a pass that never settles is a bug, not a hang. */
export function untilStable(pass: Pass, {limit}: {limit: number}): Pass {
  return {
    name: pass.name,
    async run(graph) {
      const report: PassReport = {changed: [], skipped: []}
      for (let round = 0; round < limit; round++) {
        const {changed, skipped} = await pass.run(graph)
        report.changed.push(...changed)
        report.skipped = skipped
        if (changed.length === 0) return report
      }
      throw new BugError(`pass '${pass.name}' did not settle within ${limit} rounds`)
    },
  }
}

function check(pass: Pass, graph: Graph): void {
  const [fault] = verify(graph)
  if (fault) throw new BugError(`after pass '${pass.name}': ${fault}`)
}
