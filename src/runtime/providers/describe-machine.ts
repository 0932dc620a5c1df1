import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {arch, availableParallelism, cpus, platform, release} from 'node:os'
import type {Machine} from '../../results.js'

/** Processor features that decide how fast int8 runs, by the names of /proc/cpuinfo on Linux and of sysctl on macOS. */
const INT8_FEATURES: Readonly<Record<string, string>> = {
  avx2: 'avx2',
  avx512f: 'avx512f',
  avx512_vnni: 'avx512_vnni',
  avx_vnni: 'avx_vnni',
  avx_vnni_int8: 'avx_vnni_int8',
  amx_tile: 'amx_tile',
  amx_int8: 'amx_int8',
  asimd: 'asimd',
  asimdhp: 'asimdhp',
  asimddp: 'asimddp',
  i8mm: 'i8mm',
  sve: 'sve',
  'hw.optional.AdvSIMD': 'asimd',
  'hw.optional.arm.FEAT_DotProd': 'asimddp',
  'hw.optional.arm.FEAT_I8MM': 'i8mm',
  'hw.optional.avx2_0': 'avx2',
  'hw.optional.avx512f': 'avx512f',
  'hw.optional.avx512vnni': 'avx512_vnni',
}

/** What decides speed on this machine, for reports. Reads files and asks the system; does not load ONNX Runtime. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || cpuModelOfArm() || 'unknown',
    cores: availableParallelism(),
    features: cpuFeatures(),
    os: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    onnxruntime: runtimeVersion(),
  }
}

/**
 * The features of the processor that int8 kernels ask for: avx2, avx512_vnni, avx_vnni, amx_int8, asimddp, i8mm and their like.
 * Empty where the system does not tell (Windows).
 */
export function cpuFeatures(): string[] {
  const flags = platform() === 'darwin' ? darwinFlags() : linuxFlags()
  return [...new Set(flags.flatMap((flag) => INT8_FEATURES[flag] ?? []))]
}

/** Version of the onnxruntime-node package, read from its package.json. */
export function runtimeVersion(): string {
  const manifest = createRequire(import.meta.url)('onnxruntime-node/package.json') as {version: string}
  return manifest.version
}

function linuxFlags(): string[] {
  // x86 says "flags", ARM "Features"; processors of one machine are taken to be alike
  return /^(?:flags|Features)\s*: (.*)$/m.exec(cpuInfo())?.[1]?.split(' ') ?? []
}

function cpuModelOfArm(): string | undefined {
  const field = (name: string) => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(cpuInfo())?.[1]
  const [implementer, part] = [field('CPU implementer'), field('CPU part')]
  return implementer && part ? `ARM implementer ${implementer} part ${part}` : undefined
}

function cpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8')
  } catch {
    return ''
  }
}

/** Keys that a machine does not have are left out of the answer, whose exit status then is 1. */
function darwinFlags(): string[] {
  const keys = Object.keys(INT8_FEATURES).filter((key) => key.startsWith('hw.'))
  return keys.filter((key) => {
    try {
      return execFileSync('sysctl', ['-n', key], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}).trim() === '1'
    } catch {
      return false
    }
  })
}
