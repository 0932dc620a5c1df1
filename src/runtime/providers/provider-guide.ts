import {existsSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join, relative} from 'node:path'
import {ownEntry} from '../../ir/own-entry.js'

/** What a user must do before a provider works. */
interface Guide {
  /** Where the provider exists at all, `platform/arch` or `platform`. */
  readonly platforms: readonly string[]
  readonly install: () => string
}

/** The providers of onnxruntime-node over all platforms (its README's table). */
const GUIDES: Readonly<Record<string, Guide>> = {
  cpu: {platforms: ['linux', 'darwin', 'win32'], install: reinstall},
  webgpu: {platforms: ['linux/x64', 'darwin', 'win32'], install: vulkanAdvice},
  cuda: {platforms: ['linux/x64'], install: () => `${cudaCommand()} (needs an NVIDIA driver, CUDA 12 and cuDNN 9)`},
  tensorrt: {
    platforms: ['linux/x64'],
    install: () => `${cudaCommand()} (needs an NVIDIA driver, CUDA 12 and TensorRT 10)`,
  },
  coreml: {platforms: ['darwin'], install: reinstall},
  dml: {platforms: ['win32'], install: reinstall},
}

/** A software Vulkan device that Debian's chromium package brings along. */
const SWIFTSHADER_ICD = '/usr/lib/chromium/vk_swiftshader_icd.json'

/** Every name that is a provider somewhere. */
export const PROVIDER_NAMES: readonly string[] = Object.keys(GUIDES)

/** Whether this platform can ever have the provider. */
export function isForThisPlatform(provider: string): boolean {
  const here = [process.platform, `${process.platform}/${process.arch}`]
  return ownEntry(GUIDES, provider)?.platforms.some((platform) => here.includes(platform)) ?? false
}

/** Why a provider cannot work on this platform: `coreml exists on darwin only, this is linux/x64`. */
export function wrongPlatform(provider: string): string {
  const platforms = ownEntry(GUIDES, provider)?.platforms.join(', ') ?? 'no known platform'
  return `${provider} exists on ${platforms} only, this is ${process.platform}/${process.arch}`
}

/** The command or step that makes a provider load here. */
export function installAdvice(provider: string): string {
  return isForThisPlatform(provider) ? (ownEntry(GUIDES, provider)?.install() ?? reinstall()) : wrongPlatform(provider)
}

/**
 * The CUDA and TensorRT libraries are too large for the npm registry: the package's own script fetches them from NuGet. Called
 * directly it works whether or not npm may run install scripts.
 */
function cudaCommand(): string {
  return `node ${join(packageFolder(), 'script', 'install')} --onnxruntime-node-install=cuda12`
}

function packageFolder(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  const fromHere = relative(process.cwd(), folder)
  return fromHere.startsWith('..') ? folder : fromHere
}

function vulkanAdvice(): string {
  if (process.platform !== 'linux') return 'update the graphics driver'
  if (existsSync(SWIFTSHADER_ICD)) {
    // chromium also brings the Vulkan loader, which a bare Debian lacks
    const variables = `VK_DRIVER_FILES=${SWIFTSHADER_ICD} LD_LIBRARY_PATH=${dirname(SWIFTSHADER_ICD)}`
    return `run with ${variables} in the environment (a software device), or install the graphics card's Vulkan driver`
  }
  return "install the graphics card's Vulkan driver (Debian: apt install mesa-vulkan-drivers), or a software device: apt install chromium"
}

function reinstall(): string {
  return 'ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node'
}
