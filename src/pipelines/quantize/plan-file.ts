import {readFile} from 'node:fs/promises'
import {parse, stringify} from 'yaml'
import {z} from 'zod'
import {FileError, UsageError} from '../../errors.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {floatByRule} from '../../passes/quantize/plan/float-by-rule.js'
import {FORMS, type Form, type Writer, weightTypeOf, writerOf} from '../../passes/quantize/plan/form.js'
import type {Choice, Edit, Plan} from '../../passes/quantize/plan/plan.js'
import type {Rung, Target} from '../../passes/quantize/plan/target.js'
import {whyNot} from '../../passes/quantize/plan/why-not.js'
import type {PlannedNode} from '../../results.js'

/** What a plan file holds. Nodes that it does not name are as the rules say. */
const schema = z.strictObject({
  mopt: z.string().optional(),
  model: z.string().optional(),
  calibration: z.enum(['minmax', 'percentile', 'entropy', 'mse']).nullable().default(null),
  rounding: z.enum(['nearest', 'scale', 'gptq', 'awq']).nullable().default(null),
  blockSize: z.int().min(8).optional(),
  nodes: z.array(
    z.strictObject({
      node: z.string(),
      op: z.string().optional(),
      form: z.enum(FORMS as [Form, ...Form[]]),
      because: z.string().optional(),
      could: z.array(z.string()).optional(),
      stem: z.boolean().optional(),
    }),
  ),
})
export type PlanFile = z.output<typeof schema>

/** Forms that follow from the layers around a node: they are not written, and not asked for. */
const FOLLOWING: ReadonlySet<string> = new Set(['integer', 'absorbed'])

/** The nodes of a plan, for people and files, and those of its graph that no integers are for, where others run on some. */
export function plannedNodes({choices}: Plan, graph: Graph): PlannedNode[] {
  const hasIntegers = [...choices.values()].some(({form}) => ON_INTEGERS.has(writerOf(form)))
  const floats = hasIntegers ? floatByRule(graph) : new Map<Node, string>()
  return graph.allNodes().flatMap((node) => {
    const choice = choices.get(node)
    if (choice) return [plannedNode(choice)]
    const because = floats.get(node)
    return because === undefined ? [] : [plannedNode({node, form: 'float', because, could: ['float']})]
  })
}

function plannedNode({node, form, because, could, isStem}: Choice): PlannedNode {
  return {node: node.name, op: node.opType, form, because, could: [...could], ...(isStem && {stem: true})}
}

const HEADER = `What becomes of each node. Change a form to another that the node could have, and carry it out with
mopt quantize MODEL --use-plan THIS_FILE (and the same --data, where a form is static).
`

/** A plan as a file that people edit. */
export function planFileText(plan: Omit<PlanFile, 'nodes'> & {readonly nodes: readonly PlannedNode[]}): string {
  const comment = HEADER.replaceAll(/^(?=.)/gm, '# ')
  const nodes = plan.nodes.filter(({form}) => !FOLLOWING.has(form))
  return comment + stringify({...plan, nodes}, {lineWidth: 0})
}

/** @throws FileError when it cannot be read, UsageError for what is no plan. */
export async function readPlanFile(path: string): Promise<PlanFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new FileError(`${path}: the plan cannot be read`, {
      cause: error,
      hint: 'mopt quantize MODEL --plan FILE.yaml writes one',
    })
  })
  const hint = 'mopt quantize MODEL --plan FILE.yaml writes one; change no more than forms in it'
  let data: unknown
  try {
    data = parse(text)
  } catch (error) {
    throw new UsageError(`${path}: expected a plan in YAML: ${(error as Error).message.split('\n')[0]}`, {hint})
  }
  const read = schema.safeParse(data)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UsageError(`${path}: ${placeOf(issue?.path ?? [], data)}: ${issue?.message ?? 'no plan'}`, {hint})
}

/** `nodes: 'conv1': form`, as a reader of the file finds it. */
function placeOf(path: readonly PropertyKey[], data: unknown): string {
  const [, index] = path
  const named = typeof index === 'number' ? (data as {nodes?: {node?: unknown}[]}).nodes?.[index]?.node : undefined
  const rest = typeof named === 'string' ? path.slice(2) : path
  return [...(typeof named === 'string' ? [`node '${named}'`] : []), ...rest.map(String)].join(': ') || 'the file'
}

/**
 * What a plan file asks for, as edits of the plan that the rules make.
 *
 * @param graph prepared: a plan names the nodes that are there then.
 * @throws UsageError for a node that the graph does not have.
 */
export function planEdits({nodes}: PlanFile, graph: Graph, path: string): Edit[] {
  const known = new Set(graph.allNodes().map(({name}) => name))
  const missing = nodes.filter(({node}) => !known.has(node))
  if (missing.length > 0) {
    const more = missing.length > 1 ? `, and ${missing.length - 1} more` : ''
    throw new UsageError(`${path}: expected nodes of the model, got '${missing[0]?.node}'${more}`, {
      hint: 'A plan is for one model, with the same --mode and data: write one with --plan FILE.yaml',
    })
  }
  return nodes.map(({node, form, stem}): Edit => {
    const isStem = stem === true && !ON_INTEGERS.has(writerOf(form))
    return {match: {nodes: new Set([node])}, to: form, because: `by the plan ${path}`, ...(isStem && {isStem})}
  })
}

const ON_INTEGERS: ReadonlySet<Writer> = new Set(['static', 'dynamic'] as const)

/** @throws UsageError for a node that cannot have the form a plan file asks of it. */
export function requireForms({nodes}: PlanFile, {choices}: Plan, target: Target, path: string): void {
  const byName = new Map([...choices.values()].map((choice) => [choice.node.name, choice]))
  for (const {node, form} of nodes) {
    const choice = byName.get(node)
    if (choice?.form === form || (choice === undefined && form === 'float')) continue
    const reason = choice && RUNGS.has(writerOf(form)) ? reasonOf(choice.node, form, target) : undefined
    const could = choice?.could.join(', ') ?? ''
    throw new UsageError(`${path}: node '${node}' cannot be ${form}${reason ? `: ${reason}` : ''}`, {
      hint: could === '' ? 'Leave it out: its form follows from the nodes around it' : `It could be: ${could}`,
    })
  }
}

const RUNGS: ReadonlySet<Writer> = new Set(['static', 'dynamic', 'table', 'blocks', 'stored', 'float16'] as const)

function reasonOf(node: Node, form: Form, target: Target): string | undefined {
  const writer = writerOf(form)
  if (writer === 'static' && !target.hasRanges) return 'ranges are taken from --data'
  return whyNot(writer as Rung, weightTypeOf(form)?.dtype ?? 'int8', node, target) ?? undefined
}
