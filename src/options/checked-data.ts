import type {z} from 'zod'

interface Given {
  readonly samples?: string | undefined
  readonly eval?: string | undefined
  readonly labels?: string | undefined
  readonly evalLabels?: string | undefined
  readonly preprocessFile?: string | undefined
  readonly preprocess: Readonly<Record<'resize' | 'scale' | 'mean' | 'std', unknown>> & {
    readonly std?: readonly number[] | undefined
  }
}

/** What a preprocessor_config.json says of these is not to be said twice. */
const IN_CONFIG = ['resize', 'scale', 'mean', 'std'] as const

/** Options of samples that only make sense together, as a check of their type. */
export function checkedData<T extends z.ZodObject>(type: T): T {
  return type.superRefine((given, context) => {
    const found = contradiction(given as unknown as Given)
    if (!found) return
    const {hint, message} = found
    context.addIssue({code: 'custom', message, params: {hint}})
  })
}

function contradiction(given: Given): {readonly message: string; readonly hint?: string} | undefined {
  const {preprocess, preprocessFile} = given
  if (given.labels !== undefined && given.samples === undefined) return ownerless('labels', 'data')
  if (given.evalLabels !== undefined && given.eval === undefined) return ownerless('eval-labels', 'eval')
  const twice = preprocessFile === undefined ? undefined : IN_CONFIG.find((name) => preprocess[name] !== undefined)
  if (twice) {
    const message = `--${twice}: expected it in ${preprocessFile}, got both`
    return {message, hint: 'Give --preprocess, with --channels and --layout if need be, or the single flags'}
  }
  const {std} = preprocess
  return std?.some((value) => value <= 0)
    ? {message: `--std: expected values above 0, got '${std.join(',')}'`}
    : undefined
}

function ownerless(flag: string, owner: string): {readonly message: string; readonly hint: string} {
  return {message: `--${flag}: expected --${owner} with it, got none`, hint: `Add --${owner} FILE`}
}
