/**
 * The words that a server's reason may be logged in: those of which refusals are made, and the names of what is refused.
 * No learner gives anything away by having said one of them.
 */
export const REASON_WORDS: ReadonlySet<string> = new Set(
  `
a an and any are as at be because been before body both but by can cannot conflict could did do does doesn don
either empty exactly expected fail failed fails field fields first following for found from get got greater has have
header http if in including incompatible instead internal is isn it its keys last least less list literal longer
maximum minimum missing more most must name named names need needs no not null of on one only or other out
parse parsed pass passed path please properties property provide provided range received required requires reset
retry return returned returns same sent server set should shorter some such supplied than that the their then there
these this times to too tried type types unable undefined unexpected unknown unless until up use used user using valid
value values wants was were when where which while will with without wrong you your zero

accept accepted accepts access allow allowed allows argument arguments attempt available bad become code codes
currently decode decoded decoding denied deprecated deserialize detail disabled enable enabled endpoint endpoints
error errors exceed exceeded exceeds exception extra forbidden format formats generate gateway handle handled input
inputs invalid kind limit long loading match message messages method mismatch mode model models option options order
output outputs param parameter parameters permitted process processed provider read reason refused reject rejected
request requested requests response schema short size status string strict support supported supports template
unavailable unprocessable unrecognised unrecognized unsupported upstream validate validation version

assistant breakpoint chat completion completions content context conversation developer effort function grammar guided include
instruction instructions json key length max object options prompt reasoning role roles safe schema store stream
streamed streaming structured system temperature text tokens tool tools turn turns usage cache alternate thinking

aac audio bytes channels codec container content corrupt corrupted damaged data duration ffmpeg file files flac
granularities language languages load media mime mp3 mp4 m4a mpeg mpga ogg opus pcm sample rate sound speech speed
srt text timestamp timestamps transcribe transcription transcriptions translation truncated upload verbose voice
voices vtt wav webm whisper

api argument azure billing budget credit credits deepseek deployment entity groq id incorrect insufficient jinja
litellm mistral ollama openai openrouter payment permission permissions pydantic quota raise rate region unauthorized
vllm open ai aiexception payload find after group invalid unsupported gemma gemini google anthropic
`
    .trim()
    .split(/\s+/),
)
