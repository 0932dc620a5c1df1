import {existsSync} from 'node:fs'
import {dirname} from 'node:path'
import {expect} from 'chai'
import {evaluate} from '../../../src/runtime/evaluate/evaluate.js'
import {profileNodes} from '../../../src/runtime/profile/profile-nodes.js'
import {checkProviders, listProviders} from '../../../src/runtime/providers/providers.js'
import {errorOf} from '../../support/data-reading.js'
import {startModel} from '../../support/start-model.js'
import {CPU, IMAGES, normalInput} from '../model-folder.js'

const MLP = 'fixtures/models/mlp_fm.onnx'
const SOFTWARE_GPU = '/usr/lib/chromium/vk_swiftshader_icd.json'

describe('checkProviders', () => {
  it('accepts cpu', () => checkProviders(['cpu', 'cpu']))

  it('does not know names that no provider has, and helps with the case', async () => {
    const unknown = await errorOf(checkProviders(['cpu', 'gpu']))
    expect(unknown).to.include({code: 'USAGE', exitCode: 2})
    expect(unknown.message).to.match(/^provider 'gpu': expected one of cpu, webgpu, cuda/)
    expect((await errorOf(checkProviders(['CUDA']))).hint).to.equal('Write --provider cuda')
  })

  it('says where a provider of another platform exists', async () => {
    const other = process.platform === 'win32' ? 'coreml' : 'dml'
    const error = await errorOf(checkProviders([other]))
    expect(error).to.include({code: 'PROVIDER_UNAVAILABLE', exitCode: 3})
    expect(error.message).to.contain('only, this is')
  })
})

describe('listProviders', () => {
  it('tries every provider, and gives a reason and a step for each that does not load', async () => {
    const providers = await listProviders()
    expect(providers.find(({name}) => name === 'cpu')).to.deep.equal({
      name: 'cpu',
      bundled: true,
      loads: true,
      reason: null,
      install: null,
    })
    for (const {loads, reason, install} of providers) {
      expect(reason === null, 'reason').to.equal(loads)
      expect(install === null, 'install').to.equal(loads)
    }
    const cuda = providers.find(({name, loads}) => name === 'cuda' && !loads)
    if (cuda) expect(cuda.install).to.match(/^node .*script.install --onnxruntime-node-install=cuda12/)
  })
})

describe('the webgpu provider', () => {
  const webgpu = {...CPU, provider: 'webgpu'}
  const environment = {...process.env}
  afterEach(() => {
    process.env = environment
  })

  it('says why it is not available, and what to do', async () => {
    process.env = {...environment, VK_DRIVER_FILES: 'no-such-driver.json'}
    const error = await errorOf(startModel(MLP, webgpu, {source: normalInput([1, 1, 28, 28], 'input'), batch: 1}))
    expect(error).to.include({code: 'PROVIDER_UNAVAILABLE', exitCode: 3})
    expect(error.message).to.match(/^provider webgpu is not available: Failed to get a WebGPU adapter/)
    expect(error.hint).to.match(/VK_DRIVER_FILES|Vulkan|graphics driver/)
  })

  // chromium brings a software device and the Vulkan loader; children inherit both
  if (existsSync(SOFTWARE_GPU)) {
    it('runs a model on the device, and gives what the CPU gives', async () => {
      process.env = {...environment, VK_DRIVER_FILES: SOFTWARE_GPU, LD_LIBRARY_PATH: dirname(SOFTWARE_GPU)}
      const {nodesByProvider} = await profileNodes(MLP, webgpu, {source: normalInput([1, 1, 28, 28], 'input')})
      expect(nodesByProvider.webgpu).to.be.greaterThan(0)

      const data = {...IMAGES, limit: 4}
      const there = await evaluate(MLP, webgpu, {data, batch: 4})
      const here = await evaluate(MLP, CPU, {data, batch: 4})
      there.data.forEach((value, index) => {
        expect(value).to.be.closeTo(here.data[index] ?? 0, 1e-4)
      })
    })
  }
})
