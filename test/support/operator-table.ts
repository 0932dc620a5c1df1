import {markdownTable} from 'markdown-table'
import {isRefusal, type OpSpec} from '../../src/ops/op-spec.js'
import {OPERATORS} from '../../src/ops/registry.js'

const HEADER = ['operator', 'domain', 'versions', 'shapes', 'gradient', 'int8', 'channel pruning', 'learned inputs']
const NOTE = `Printed from the operator records; \`npm run golden\` writes it again. A dash is a gap: the tool names its reason when it meets one.
\`int8\`: compute = an integer kernel with a constant weight; activation = disappears into the range of its output; elementwise = an
integer kernel of its own; passthrough = moves values, one scale on both sides.`

/** The table operator × capability, in Markdown: the golden file that `docs/operators.md` shows. */
export function operatorTable(records: readonly OpSpec[] = OPERATORS): string {
  const types = [...new Set(records.map(keyOf))].sort()
  const rows = types.map((key) => rowOf(records.filter((spec) => keyOf(spec) === key)))
  return `# Operators\n\n${NOTE}\n\n${rows.length} operators, ${records.length} records.\n\n${markdownTable([HEADER, ...rows])}\n`
}

function keyOf(spec: OpSpec): string {
  return `${spec.domain ?? ''}:${spec.type}`
}

/** One row per operator: what its newest version can do. */
function rowOf(versions: readonly OpSpec[]): string[] {
  const sorted = [...versions].sort((a, b) => a.sinceOpset - b.sinceOpset)
  const newest = sorted.at(-1) as OpSpec
  return [
    newest.type,
    newest.domain ?? 'ai.onnx',
    sorted.map((spec) => spec.sinceOpset).join(', '),
    'yes',
    isRefusal(newest.gradient) ? '-' : 'yes',
    isRefusal(newest.quantize) ? '-' : newest.quantize.as,
    isRefusal(newest.prune) ? '-' : 'yes',
    [...newest.parameters.weights, ...newest.parameters.biases].join(', '),
  ]
}
