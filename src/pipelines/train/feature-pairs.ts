import {UsageError} from '../../errors.js'
import type {Graph} from '../../ir/graph.js'
import type {Value} from '../../ir/value.js'

/** A hidden value of the teacher and the one of the student that is to be like it. */
export interface FeaturePair {
  readonly teacher: string
  readonly student: string
}

/**
 * Reads `A:B` as typed: names of values, or of the nodes that make them. Names may hold colons themselves, so every way to split is tried.
 *
 * @throws UsageError when no way names a value in each of the two.
 */
export function featurePair(text: string, teacher: Graph, student: Graph): FeaturePair {
  const parts = text.split(':')
  const ways = parts.slice(1).map((_, index) => [parts.slice(0, index + 1).join(':'), parts.slice(index + 1).join(':')])
  for (const [left = '', right = ''] of ways) {
    const [a, b] = [valueNamed(teacher, left), valueNamed(student, right)]
    if (a && b) return {teacher: a.name, student: b.name}
  }
  const [left = ''] = ways[0] ?? []
  if (ways.length === 0) throw new UsageError(`--feature: expected TEACHER-VALUE:STUDENT-VALUE, got '${text}'`)
  const whose = valueNamed(teacher, left) ? 'the student' : 'the teacher'
  throw new UsageError(`--feature ${text}: ${whose} has no value or node of that name`, {
    hint: 'mopt inspect MODEL --layers lists the nodes',
  })
}

/** A value of a graph by its own name, or by that of the node whose first output it is. */
export function valueNamed(graph: Graph, name: string): Value | undefined {
  const nodes = graph.nodes()
  const values = nodes.flatMap(({outputs}) => outputs)
  return (
    values.find((value) => value?.name === name) ??
    nodes.find((node) => node.name === name)?.outputs[0] ??
    graph.inputs.find((value) => value.name === name)
  )
}
