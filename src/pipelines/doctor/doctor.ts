import type {DoctorResult, Machine} from '../../results.js'
import {describeMachine} from '../../runtime/providers/describe-machine.js'
import {listProviders, type ProviderStatus} from '../../runtime/providers/providers.js'
import {int8Advice} from './int8-advice.js'

/** What decides the speed of models on this machine. Every provider is really tried, each in a process of its own. */
export async function doctor(options: {signal: AbortSignal}): Promise<DoctorResult> {
  const machine = describeMachine()
  const providers = await listProviders(options)
  return {
    schemaVersion: 1,
    command: 'doctor',
    warnings: [],
    machine,
    providers,
    advice: [
      ...int8Advice(process.arch, machine.features),
      ...coreAdvice(machine.cores),
      ...providerAdvice(machine, providers),
    ],
  }
}

function coreAdvice(cores: number): string[] {
  if (cores > 4) return []
  const few = cores === 1 ? '1 core' : `${cores} cores`
  return [`${few}: other programs disturb timings; compare models with one thread (--threads 1) on an idle machine`]
}

/** The providers worth a word: those that load, with what they are good for, and a processor that is left unused. */
function providerAdvice(machine: Machine, providers: readonly ProviderStatus[]): string[] {
  const loads = (name: string) => providers.some((provider) => provider.name === name && provider.loads)
  const advice: string[] = []
  if (!loads('cpu')) advice.push('ONNX Runtime does not load on the CPU: no model can be run, checked or timed here')
  if (loads('webgpu')) {
    advice.push('webgpu: int8 models are not faster there, their integer parts run in float or on the CPU; bench first')
  }
  if (loads('cuda') || loads('tensorrt')) advice.push('cuda has no int8 convolution: prefer float16 models on this GPU')
  if (Number(machine.node.replace(/^v(\d+).*/, '$1')) < 20) advice.push(`Node ${machine.node}: expected 20 or newer`)
  return advice
}
