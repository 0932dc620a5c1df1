import {BugError} from '../errors.js'
import type {Graph} from '../ir/graph.js'
import {verify} from '../ir/verify.js'
import type {Pass, PassReport} from './pass.js'

/**
 * Runs passes one after another and joins their reports. With MOPT_CHECK=1 every invariant is checked after each.
 *
 * @throws what a pass throws; its cause says which pass that was, and what ran before on the same graph.
 */
export function sequence(...passes: readonly Pass[]): Pass {
  return {
    name: passes.map((pass) => pass.name).join(', '),
    async run(graph) {
      const report: PassReport = {changed: [], skipped: []}
      for (const [index, pass] of passes.entries()) {
        const {changed, skipped} = await runAfter(pass, graph, passes.slice(0, index))
        report.changed.push(...changed)
        report.skipped.push(...skipped)
      }
      return report
    },
  }
}

async function runAfter(pass: Pass, graph: Graph, before: readonly Pass[]): Promise<PassReport> {
  try {
    const report = await pass.run(graph)
    if (process.env.MOPT_CHECK === '1') check(pass, graph)
    return report
  } catch (error) {
    if (error instanceof Error) error.cause = new Error(placeOf(pass, before), {cause: error.cause})
    throw error
  }
}

function placeOf(pass: Pass, before: readonly Pass[]): string {
  const names = before.map(({name}) => `'${name}'`)
  return `in pass '${pass.name}', ${names.length > 0 ? `after ${names.join(', ')}` : 'the first'}`
}

function check(pass: Pass, graph: Graph): void {
  const [fault] = verify(graph)
  if (fault) throw new BugError(`after pass '${pass.name}': ${fault}`)
}
