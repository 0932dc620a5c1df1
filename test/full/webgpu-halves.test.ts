import {existsSync} from 'node:fs'
import {expect} from 'chai'
import {DataFolder} from '../support/data-folder.js'
import {runMopt} from '../support/run-mopt.js'

/** A software GPU, of Debian's chromium: it has no arithmetic for float16. */
const CHROMIUM = '/usr/lib/chromium'
const GPU = {VK_DRIVER_FILES: `${CHROMIUM}/vk_swiftshader_icd.json`, LD_LIBRARY_PATH: CHROMIUM}
const MLP = 'fixtures/models/mlp_fm.onnx'

describe('float16 on a device that has no arithmetic for it', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  before(function () {
    if (!existsSync(GPU.VK_DRIVER_FILES)) this.skip()
  })

  it('is no bug of mopt and no fault of the file: exit code 3, nothing written, and what to do', async () => {
    const args = ['quantize', MLP, '--mode', 'float16', '--provider', 'webgpu', '--no-time', '-o']
    const proved = await runMopt([...args, `${folder.path}/proved.onnx`], {env: GPU})
    expect(proved.code, proved.stderr).to.equal(3)
    expect(proved.stderr).to.match(/The CPU runs it, provider webgpu of this machine does not; nothing was written/)
    expect(proved.stderr).to.match(/shader-f16.*--no-verify/)
    expect(existsSync(`${folder.path}/proved.onnx`)).to.equal(false)
    const unproved = await runMopt([...args, `${folder.path}/half.onnx`, '--no-verify'], {env: GPU})
    expect(unproved.code, unproved.stderr).to.equal(0)
    const timed = await runMopt(['bench', `${folder.path}/half.onnx`, '--provider', 'webgpu', '--runs', '3'], {
      env: GPU,
    })
    expect(timed.code).to.equal(3)
    expect(timed.stderr).to.match(/shader-f16/)
  })
})
