import {readFile} from 'node:fs/promises'
import {parse} from 'yaml'
import {z} from 'zod'
import {FileError, UsageError} from '../errors.js'
import {type Budget, type BudgetText, parseBudget} from './budget.js'

const asTyped = z.union([z.string(), z.number()]).transform(String)

const schema = z.strictObject({
  'max-drop': asTyped.optional(),
  'max-size': asTyped.optional(),
  'min-speedup': z.coerce.number().optional(),
  'max-latency': asTyped.optional(),
  'min-agreement': asTyped.optional(),
  'min-sqnr': asTyped.optional(),
  strict: z.boolean().optional(),
})

/**
 * The budget of a verb, from its flags and its `--budget` file.
 *
 * @returns undefined when no limit is given.
 * @throws UsageError for a limit that cannot mean anything, FileError when the file cannot be read.
 */
export async function loadBudget(
  options: BudgetText & {readonly file?: string | undefined},
): Promise<Budget | undefined> {
  return parseBudget(options.file === undefined ? options : await readBudgetFile(options.file, options))
}

/**
 * Reads the limits of a YAML file; its keys are the flags without dashes: `max-drop: 1%`.
 *
 * @param flags limits of the command line, which win over the file's.
 * @throws FileError when it cannot be read, UsageError for anything but these keys.
 */
export async function readBudgetFile(path: string, flags: BudgetText): Promise<BudgetText> {
  const file = understand(path, await textOf(path))
  return {
    maxDrop: flags.maxDrop ?? file['max-drop'],
    maxSize: flags.maxSize ?? file['max-size'],
    minSpeedup: flags.minSpeedup ?? file['min-speedup'],
    maxLatency: flags.maxLatency ?? file['max-latency'],
    minAgreement: flags.minAgreement ?? file['min-agreement'],
    minSqnr: flags.minSqnr ?? file['min-sqnr'],
    strict: flags.strict || file.strict === true,
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new FileError(`--budget: expected a YAML file that can be read, got '${path}'`, {cause})
  }
}

function understand(path: string, text: string): z.infer<typeof schema> {
  const hint = `the keys are ${Object.keys(schema.shape).join(', ')}; for example \`max-drop: 1%\``
  let content: unknown
  try {
    content = parse(text)
  } catch (cause) {
    throw new UsageError(`${path}: expected YAML, got ${firstLine(cause)}`, {hint, cause})
  }
  const checked = schema.safeParse(content)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new UsageError(`${path}: expected the limits of a budget, got ${problem(issue)}`, {hint, cause: checked.error})
}

function problem(issue: z.core.$ZodIssue | undefined): string {
  const where = issue?.path.length ? `at '${issue.path.join('.')}': ` : ''
  return `${where}${issue?.message ?? 'something else'}`
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}
