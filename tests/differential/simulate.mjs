// Decides each request on standard input with iam-simulate and writes one verdict a line, in the same order.
//
// Input: JSON Lines in the form that `permcheck evaluate` reads. Output: one object a line,
// {"id", "verdict": "allowed" | "denied", "result", "layers", "blocked_by", "ignored_keys"}, or {"id", "error"} where
// iam-simulate refuses the request. `ignored_keys` are the context keys that iam-simulate left out of its decision.
import { createInterface } from 'node:readline'
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate'

const ACCOUNT = /^\d{12}$/
const FULL_ACCESS = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

function named(documents, prefix) {
  return (documents ?? []).map((policy, index) => ({ name: `${prefix}/${index}`, policy }))
}

function levels(hierarchy, prefix) {
  return (hierarchy ?? []).map((documents, index) => ({
    orgIdentifier: `${prefix}/${index}`,
    policies: named(documents, `${prefix}/${index}`)
  }))
}

function statements(document) {
  const list = document.Statement ?? []
  return Array.isArray(list) ? list : [list]
}

// iam-simulate takes one session policy; several session policies grant what any of them grants, so they are joined.
// Their own Version is lost by that, which iam-simulate does not read anyway.
function joined(documents) {
  if (!documents || documents.length === 0) return undefined
  if (documents.length === 1) return documents[0]
  return { Version: '2012-10-17', Statement: documents.flatMap(statements) }
}

function caller(principal) {
  if (principal === '*') return anonymousPrincipal
  if (typeof principal === 'object') return principal.federated
  // An account id stands for the account as a whole; iam-simulate wants an ARN.
  if (ACCOUNT.test(principal)) return `arn:aws:iam::${principal}:root`
  return principal
}

function owner(request) {
  return request.resource.split(':')[4] || request.resource_account || ''
}

// An account as a whole needs no identity policy: its administrator can write one.
function identityPolicies(request) {
  const documents = ACCOUNT.test(request.principal) ? [FULL_ACCESS] : request.identity_policies
  return named(documents, 'identity_policies')
}

function simulation(request) {
  return {
    request: {
      principal: caller(request.principal),
      action: request.action,
      resource: { resource: request.resource, accountId: owner(request) },
      contextVariables: request.context ?? {}
    },
    identityPolicies: identityPolicies(request),
    sessionPolicy: joined(request.session_policies),
    permissionBoundaryPolicies: request.permissions_boundary
      ? named([request.permissions_boundary], 'permissions_boundary')
      : undefined,
    resourcePolicy: request.resource_policy ?? undefined,
    serviceControlPolicies: levels(request.service_control_policies, 'service_control_policies'),
    resourceControlPolicies: levels(request.resource_control_policies, 'resource_control_policies')
  }
}

function verdict(result) {
  return result === 'Allowed' ? 'allowed' : 'denied'
}

function layers(analysis) {
  return {
    identity_policy: analysis?.identityAnalysis?.result,
    resource_policy: analysis?.resourceAnalysis?.result,
    scp: analysis?.scpAnalysis?.result,
    rcp: analysis?.rcpAnalysis?.result,
    permissions_boundary: analysis?.permissionBoundaryAnalysis?.result,
    session_policy: analysis?.sessionAnalysis?.result
  }
}

async function decide(request) {
  const answer = await runSimulation(simulation(request), {})
  if (answer.resultType === 'error') return { id: request.id, error: answer.errors }
  // Several results come back only for a resource with a wildcard; the last word is then the overall one.
  const one = answer.resultType === 'single' ? answer.result : answer.results[0]
  return {
    id: request.id,
    verdict: verdict(answer.overallResult),
    kind: answer.resultType,
    result: answer.overallResult,
    layers: layers(one?.analysis),
    blocked_by: one?.analysis?.blockedBy,
    ignored_keys: one?.ignoredContextKeys
  }
}

let chunk = []
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() === '') continue
  const request = JSON.parse(line)
  let answer
  try {
    answer = await decide(request)
  } catch (error) {
    answer = { id: request.id, error: { message: String(error) } }
  }
  chunk.push(JSON.stringify(answer))
  if (chunk.length >= 500) {
    process.stdout.write(chunk.join('\n') + '\n')
    chunk = []
  }
}
if (chunk.length > 0) process.stdout.write(chunk.join('\n') + '\n')
