/**
 * Numbers of the autonomous systems that rent out machines. Systems that readers use too are left out: relays of Apple
 * and Cloudflare, and companies' proxies.
 */
export const dataCentres: ReadonlySet<number> = new Set([
  // Amazon
  16_509, 14_618,
  // Google Cloud
  396_982,
  // Microsoft
  8075,
  // Oracle
  31_898,
  // Alibaba
  45_102, 37_963,
  // Tencent
  132_203, 45_090,
  // Huawei
  136_907,
  // OVH
  16_276,
  // Hetzner
  24_940, 213_230,
  // DigitalOcean
  14_061,
  // Akamai Connected Cloud, formerly Linode
  63_949,
  // Vultr
  20_473,
  // Scaleway
  12_876,
  // Contabo
  51_167,
  // Leaseweb
  60_781, 28_753, 30_633,
  // IONOS
  8560,
  // netcup
  197_540,
  // M247
  9009,
])
