import { bundleGateway } from '../bundle-gateway.mjs';
import { buildApp } from '../launch/app-build.mjs';

/** Bundles of the window (out/main, out/preload, out/renderer) and of the gateway (out/gateway). */
export async function run() {
  await buildApp();
  await bundleGateway();
  return 0;
}
