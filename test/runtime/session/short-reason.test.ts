import {expect} from 'chai'
import {shortReason} from '../../../src/runtime/session/short-reason.js'

describe('shortReason', () => {
  // messages of ONNX Runtime 1.30 as they come
  const cases: [message: string, reason: string][] = [
    ['Load model from /a b/half.onnx failed:Protobuf parsing failed.', 'Protobuf parsing failed.'],
    [
      'Load model from empty.onnx failed:/onnxruntime_src/onnxruntime/core/graph/model.cc:187 onnxruntime::Model::Model(onnx::ModelProto&&, const onnxruntime::PathString&, const onnxruntime::logging::Logger&, const onnxruntime::ModelOptions&) ModelProto does not have a graph.\n',
      'ModelProto does not have a graph.',
    ],
    [
      'Load model from b.onnx failed:This is an invalid model. In Node, ("/f/Cxnv", Cxnv, "", -1) : ("input": tensor(float),) -> ("y",) , Error No Op registered for Cxnv with domain_version of 13',
      "Cxnv '/f/Cxnv': No Op registered for Cxnv with domain_version of 13",
    ],
    [
      '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters\n\n',
      'Failed to get a WebGPU adapter: No supported adapters',
    ],
    [
      "Non-zero status code returned while running Gather node. Name:'/e/Gather' Status Message: indices element out of data bounds, idx=9 must be within the inclusive range [-6,5]",
      "Gather '/e/Gather': indices element out of data bounds, idx=9 must be within the inclusive range [-6,5]",
    ],
  ]

  for (const [message, reason] of cases) {
    it(`keeps '${reason.slice(0, 50)}'`, () => expect(shortReason(message)).to.equal(reason))
  }

  it('stays on one line of bounded length', () => {
    expect(shortReason('a long\nstory '.repeat(100)))
      .to.have.length(240)
      .and.not.contain('\n')
  })
})
