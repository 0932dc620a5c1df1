import type {Warning} from '../../results.js'
import {runtimeVersion} from '../../runtime/providers/describe-machine.js'
import type {Spoiling} from '../../runtime/session/spoiling-level.js'

/** The files that the runtime's optimizer spoils. */
export interface Spoiled {
  readonly input?: Spoiling | undefined
  readonly output?: Spoiling | undefined
}

/** The highest level that is still right, below the one that spoils. */
const BELOW = {basic: 'disabled', extended: 'basic', layout: 'extended', all: 'layout'} as const

/** Names the runtime's optimizer, what it does from which level on, and how the files run right. */
export function spoilingWarning({input, output}: Spoiled): Warning {
  const spoiling = input ?? output
  const whose = input ? (output ? 'the input and the output' : 'the input model') : 'the written model'
  const level = spoiling?.level ?? 'basic'
  const does = spoiling?.kind === 'refused' ? 'refuses' : 'changes the outputs of'
  const rest = input && !output ? '; the written model runs right at its default level' : ''
  const compared = input ? '. Both were compared with graph optimizations off' : ''
  const message = `the graph optimizer of ONNX Runtime ${runtimeVersion()} ${does} ${whose} from level '${level}' on (${spoiling?.reason})${compared}${rest}`
  const below = BELOW[input && output ? lower(input.level, output.level) : level]
  return {
    code: 'RUNTIME_OPTIMIZER',
    message,
    hint: `where such a file is used, set graphOptimizationLevel to '${below}', and report it to ONNX Runtime`,
  }
}

const ORDER = ['basic', 'extended', 'layout', 'all'] as const

function lower(a: Spoiling['level'], b: Spoiling['level']): Spoiling['level'] {
  return ORDER.indexOf(a) < ORDER.indexOf(b) ? a : b
}
