import {ProviderError, RuntimeRefusedError} from '../../errors.js'
import {compareOutputs} from '../../runtime/compare/compare-outputs.js'
import type {Pair} from './compare-with-input.js'

/**
 * Whether it is the provider that cannot run a file: the CPU, which has a kernel for nearly everything, then can.
 *
 * @param refusal of the file, on the provider of the pair.
 * @returns what to throw; undefined on the CPU, and when the CPU refuses the file as well.
 */
export async function providerFault(
  refusal: RuntimeRefusedError,
  path: string,
  pair: Pair,
): Promise<ProviderError | undefined> {
  const {provider} = pair.settings
  if (provider === 'cpu' || !(await runsOnCpu(path, pair))) return undefined
  const {hint = 'Use another --provider'} = refusal
  return new ProviderError(
    `${refusal.message.replace(/\.$/, '')}. The CPU runs it, provider ${provider} of this machine does not`,
    {
      cause: refusal,
      hint: `${hint}; --no-verify writes a file without any proof`,
    },
  )
}

async function runsOnCpu(path: string, {input, settings, options}: Pair): Promise<boolean> {
  try {
    await compareOutputs(input, path, {...settings, provider: 'cpu', optimization: 'disabled'}, options)
    return true
  } catch (error) {
    if (error instanceof RuntimeRefusedError) return false
    throw error
  }
}
