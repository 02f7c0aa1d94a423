// Mints a user token with Java alone, 17 or newer. It belongs into your server: whoever has the signing key can be any user.
//
//   SIGNING_KEY="$(cat key.pem)" SIGNING_KEY_ID=… PROJECT_ID=… java MintToken.java ana@acme.example
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

public final class MintToken {
  /**
   * @param userId as your own session knows it, never as a request says
   * @param tableauUsername needed where a connected app signs people in; may be null
   */
  static String mintUserToken(String userId, String tableauUsername) throws GeneralSecurityException {
    long now = Instant.now().getEpochSecond();
    String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":" + json(System.getenv("SIGNING_KEY_ID")) + "}";
    String claims = "{\"sub\":" + json(userId)
        + ",\"aud\":" + json("useparagon.com/" + System.getenv("PROJECT_ID"))
        + ",\"iat\":" + now
        + ",\"exp\":" + (now + 60 * 60)
        + (tableauUsername == null ? "" : ",\"tableau.username\":" + json(tableauUsername))
        + "}";
    String content = base64url(header.getBytes(UTF_8)) + "." + base64url(claims.getBytes(UTF_8));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(readKey(System.getenv("SIGNING_KEY")));
    signature.update(content.getBytes(UTF_8));
    return content + "." + base64url(signature.sign());
  }

  static PrivateKey readKey(String pem) throws GeneralSecurityException {
    byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", ""));
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key));
  }

  static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Use your JSON library in its place; this is all that a text needs. */
  static String json(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    return out.append('"').toString();
  }

  public static void main(String[] args) throws GeneralSecurityException {
    System.out.println(mintUserToken(args.length > 0 ? args[0] : "user-1", args.length > 1 ? args[1] : null));
  }
}
