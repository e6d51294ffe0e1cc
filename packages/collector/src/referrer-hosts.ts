/**
 * Hosts whose links were given by an AI assistant, by its name. Source: Matomo's AIAssistants.yml
 * (matomo-org/searchengine-and-social-list), without hosts that serve anything but the assistant; `duck.ai`,
 * `phind.com`, `poe.com` and `kimi.com` from the services' own addresses. ChatGPT also marks the links it gives with
 * `utm_source=chatgpt.com` (OpenAI's FAQ for publishers), and sends no referrer from its apps.
 */
export const assistants: Readonly<Record<string, string>> = {
  'chatgpt.com': 'ChatGPT',
  'chat.openai.com': 'ChatGPT',
  'claude.ai': 'Claude',
  'copilot.microsoft.com': 'Copilot',
  'gemini.google.com': 'Gemini',
  'bard.google.com': 'Gemini',
  'notebooklm.google.com': 'NotebookLM',
  'perplexity.ai': 'Perplexity',
  'chat.deepseek.com': 'DeepSeek',
  'chat.mistral.ai': 'Le Chat',
  'chat.qwen.ai': 'Qwen',
  'chatglm.cn': 'ChatGLM',
  'duck.ai': 'Duck.ai',
  'grok.com': 'Grok',
  'iask.ai': 'iAsk',
  'kimi.com': 'Kimi',
  'meta.ai': 'Meta AI',
  'phind.com': 'Phind',
  'poe.com': 'Poe',
  'yiyan.baidu.com': 'Baidu AI',
  'you.com': 'You',
}

/** Search engines that the list does not have. Source: Matomo's SearchEngines.yml, same place. */
export const furtherSearchEngines: Readonly<Record<string, string>> = {
  'kagi.com': 'Kagi',
  'startpage.com': 'Startpage',
  'mojeek.com': 'Mojeek',
}
