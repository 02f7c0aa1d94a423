# Mints a user token with Ruby alone. It belongs into your server: whoever has the signing key can be any user.
#
#   SIGNING_KEY="$(cat key.pem)" SIGNING_KEY_ID=… PROJECT_ID=… ruby ruby.rb ana@acme.example
require "json"
require "openssl"

def base64url(bytes) = [bytes].pack("m0").tr("+/", "-_").delete("=")

# user_id as your own session knows it, never as a request says.
def mint_user_token(user_id, tableau_username = nil)
  now = Time.now.to_i
  header = { alg: "RS256", typ: "JWT", kid: ENV.fetch("SIGNING_KEY_ID") }
  claims = { sub: user_id, aud: "useparagon.com/#{ENV.fetch("PROJECT_ID")}", iat: now, exp: now + 60 * 60 }
  # Needed where a connected app signs people in: who they are at Tableau.
  claims["tableau.username"] = tableau_username if tableau_username
  content = [header, claims].map { |part| base64url(JSON.generate(part)) }.join(".")
  key = OpenSSL::PKey::RSA.new(ENV.fetch("SIGNING_KEY"))
  "#{content}.#{base64url(key.sign("SHA256", content))}"
end

puts mint_user_token(ARGV.fetch(0, "user-1"), ARGV[1]) if $PROGRAM_NAME == __FILE__
