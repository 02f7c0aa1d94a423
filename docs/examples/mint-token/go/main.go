// Mints a user token with Go's standard library. It belongs into your server: whoever has the signing key can be any user.
//
//	SIGNING_KEY="$(cat key.pem)" SIGNING_KEY_ID=… PROJECT_ID=… go run main.go ana@acme.example
package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"
)

// mintUserToken takes the user's id as your own session knows it, never as a request says.
// tableauUsername is needed where a connected app signs people in; it may be empty.
func mintUserToken(userID, tableauUsername string) (string, error) {
	block, _ := pem.Decode([]byte(os.Getenv("SIGNING_KEY")))
	if block == nil {
		return "", errors.New("SIGNING_KEY is not PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return "", err
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return "", errors.New("SIGNING_KEY is not an RSA key")
	}

	now := time.Now().Unix()
	claims := map[string]any{
		"sub": userID,
		"aud": "useparagon.com/" + os.Getenv("PROJECT_ID"),
		"iat": now,
		"exp": now + 60*60,
	}
	if tableauUsername != "" {
		claims["tableau.username"] = tableauUsername
	}
	header, err := json.Marshal(map[string]string{"alg": "RS256", "typ": "JWT", "kid": os.Getenv("SIGNING_KEY_ID")})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}

	encode := base64.RawURLEncoding.EncodeToString
	content := encode(header) + "." + encode(body)
	digest := sha256.Sum256([]byte(content))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		return "", err
	}
	return content + "." + encode(signature), nil
}

func main() {
	args := append(os.Args[1:], "", "")
	userID, tableauUsername := args[0], args[1]
	if userID == "" {
		userID = "user-1"
	}
	token, err := mintUserToken(userID, tableauUsername)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(token)
}
